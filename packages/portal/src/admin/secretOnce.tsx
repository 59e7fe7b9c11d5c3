import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** A secret that is stored nowhere: copied now, or never. */
export function SecretOnce({ what, secret }: { readonly what: string; readonly secret: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div class="stack">
      <Notice tone="warning">{what} is shown only now. Copy it: it is stored nowhere.</Notice>
      <code class="secret">{secret}</code>
      <div class="actions">
        <Button
          kind="primary"
          icon={copied ? 'check' : 'copy'}
          onClick={async () => {
            await navigator.clipboard.writeText(secret);
            setCopied(true);
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  );
}
