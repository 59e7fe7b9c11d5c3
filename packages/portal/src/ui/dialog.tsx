import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';
import { useSubmit } from './submit.ts';

/**
 * A window over the page while it is rendered: focus goes in and comes back, Escape and the cross close it.
 *
 * @param side `end`: a panel at the side (a sheet on small screens) instead of a window in the middle.
 */
export function Dialog({
  title,
  onClose,
  side = 'middle',
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly side?: 'middle' | 'end';
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      dialog.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is what the keyboard has, as `cancel`.
    <dialog
      ref={dialog}
      class={`dialog ${side}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The dialog itself is its backdrop: what is inside of it is another target.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" icon="close" iconOnly onClick={onClose}>
            Close
          </Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before something that cannot be taken back. A failure is shown in place, and nothing is lost. */
export function Confirm({
  title,
  children,
  action,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says, `Delete the conversation`. */
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const { busy, error, run } = useSubmit();
  const confirm = async () => {
    if (await run(onConfirm)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      {error !== undefined && <Failure error={error} />}
      <footer class="actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" busy={busy} onClick={confirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
