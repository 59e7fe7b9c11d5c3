import type { Citation, Source } from '@docent/contracts/chat';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useChatSurroundings } from './context.tsx';
import { SourceText } from './sourceText.tsx';

/** Where there is room for two columns: as in chatPage.css. */
const WIDE = '(min-width: 70.01rem)';

/** The source at the side of the conversation; on small screens a sheet over it. Escape closes it. */
export function SourceBeside(props: {
  readonly source: Source;
  readonly citation: Citation | null;
  readonly onClose: () => void;
}) {
  const wide = useMedia(WIDE);
  const { source, citation, onClose } = props;
  if (wide) return <Side {...props} />;
  return (
    <Dialog title={source.title} side="end" onClose={onClose}>
      <SourceText source={source} citation={citation} />
    </Dialog>
  );
}

function Side({
  source,
  citation,
  onClose,
}: {
  readonly source: Source;
  readonly citation: Citation | null;
  readonly onClose: () => void;
}) {
  const { texts } = useChatSurroundings();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      // A window over the page takes its own Escape.
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null)
        close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside class="chat-side" aria-labelledby={id}>
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {source.title}
        </h2>
        <Button kind="quiet" icon="close" iconOnly onClick={onClose}>
          {texts.close}
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <div tabIndex={0}>
        <SourceText source={source} citation={citation} />
      </div>
    </aside>
  );
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const onChange = () => setMatches(media.matches);
    media.addEventListener('change', onChange);
    return () => media.removeEventListener('change', onChange);
  }, [query]);
  return matches;
}
