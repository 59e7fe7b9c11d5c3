import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { mayLose, useUnfinished } from '../shell/leaving.ts';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';
import { useSubmit } from './submit.ts';

const TYPED = 'What you typed is not saved. Close, and lose it?';
const SECRET = 'What is shown here is shown only now. Leave, and lose it?';

/**
 * A window over the page while it is rendered: focus goes to the first field of its form, and comes back. Escape, the
 * cross and a press beside it close it; when something has been typed, they ask first.
 *
 * @param side `end`: a panel at the side (a sheet on small screens) instead of a window in the middle.
 * @param once what it shows is shown only now: nothing but its buttons closes it.
 */
export function Dialog({
  title,
  onClose,
  side = 'middle',
  once = false,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly side?: 'middle' | 'end';
  readonly once?: boolean;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState(false);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('form :is(input, select, textarea)')?.focus();
    return () => {
      dialog.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useUnfinished(once || typed, once ? SECRET : TYPED);
  const leave = () => {
    if (once || !typed || mayLose(TYPED)) onClose();
  };
  // Of a dialog in this one the events come here, too.
  const isOwn = ({ target }: Event) =>
    target instanceof Element && target.closest('dialog') === dialog.current;
  const onEscape = (event: Event) => {
    event.preventDefault();
    if (!once) leave();
  };
  const backdrop = useBackdrop(dialog, () => {
    if (!once) leave();
  });
  return (
    <dialog
      ref={dialog}
      class={`dialog ${side}`}
      aria-labelledby={id}
      {...backdrop}
      onCancel={onEscape}
      onKeyDown={(event) => {
        // As `cancel`, the second Escape in a row could not be refused.
        if (event.key === 'Escape' && !event.isComposing && isOwn(event)) onEscape(event);
      }}
      onClose={() => dialog.current?.showModal()}
      onInput={(event) => {
        const { target } = event;
        const search = target instanceof HTMLInputElement && target.type === 'search';
        // What is only looked for is not lost.
        if (!search && isOwn(event)) setTyped(true);
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" icon="close" iconOnly onClick={leave}>
            Close
          </Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** A press that begins and ends beside the dialog. One that only ends there has selected text, or changed its mind. */
function useBackdrop(dialog: RefObject<HTMLDialogElement | null>, onPress: () => void) {
  const pressed = useRef(false);
  // The dialog itself is its backdrop: what is inside of it fills it.
  const isBeside = ({ target }: Event) => target === dialog.current;
  return {
    onPointerDown: (event: Event) => {
      pressed.current = isBeside(event);
    },
    onPointerUp: (event: Event) => {
      pressed.current &&= isBeside(event);
    },
    onClick: (event: Event) => {
      if (pressed.current && isBeside(event)) onPress();
    },
  };
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
