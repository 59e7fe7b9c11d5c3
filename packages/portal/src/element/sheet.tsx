import type { Citation, Source } from '@docent/contracts/chat';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useChatSurroundings } from '../chat/context.tsx';
import { SourceText } from '../chat/sourceText.tsx';
import { Button } from '../ui/button.tsx';

/** The source over the conversation, inside of the element: Escape closes it, and focus goes back. */
export function Sheet({
  source,
  citation,
  onClose,
}: {
  readonly source: Source;
  readonly citation: Citation | null;
  readonly onClose: () => void;
}) {
  const { texts } = useChatSurroundings();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const root = heading.current?.getRootNode();
    const before = root instanceof ShadowRoot ? root.activeElement : null;
    heading.current?.focus({ preventScroll: true });
    return () => {
      // After the conversation has been let loose again.
      requestAnimationFrame(() => {
        if (before instanceof HTMLElement && before.isConnected) before.focus();
      });
    };
  }, []);
  return (
    <div
      class="docent-sheet"
      part="source"
      role="dialog"
      aria-modal="true"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header class="docent-head">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {source.title}
        </h2>
        <Button kind="quiet" icon="close" iconOnly onClick={onClose}>
          {texts.close}
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <div class="docent-sheet-inside" tabIndex={0}>
        <SourceText source={source} citation={citation} />
      </div>
    </div>
  );
}
