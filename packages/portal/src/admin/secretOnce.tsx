import { useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { useFocusNow } from '../ui/keptFocus.ts';
import { Notice } from '../ui/notice.tsx';

/** A secret that is stored nowhere: copied now, or never. */
export function SecretOnce({ what, secret }: { readonly what: string; readonly secret: string }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const text = useRef<HTMLElement>(null);
  const actions = useRef<HTMLDivElement>(null);
  useFocusNow(() => actions.current?.querySelector('button'));
  const copy = async () => {
    const done = await copyText(secret);
    setCopied(done);
    if (!done && text.current !== null) getSelection()?.selectAllChildren(text.current);
  };
  return (
    <div class="stack">
      <Notice tone="warning">{what} is shown only now. Copy it: it is stored nowhere.</Notice>
      <code class="secret" ref={text}>
        {secret}
      </code>
      {copied === false && (
        <Notice tone="bad">
          The browser does not allow copying here. It is selected now: copy it with Ctrl + C (⌘ +
          C), or by hand.
        </Notice>
      )}
      <div class="actions" ref={actions}>
        <Button kind="primary" icon={copied ? 'check' : 'copy'} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  );
}
