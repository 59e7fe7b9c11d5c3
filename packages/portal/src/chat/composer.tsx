import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { useChatSurroundings } from './context.tsx';
import type { Draft } from './drafts.ts';

const LONGEST_QUESTION = 8_000;

/** The field to ask in: Enter sends. While an answer is written, what is typed stays, and the answer can be stopped. */
export function Composer({
  busy,
  disabled,
  draft,
  onAsk,
  onStop,
}: {
  readonly busy: boolean;
  readonly disabled: boolean;
  /** Keeps what is typed while the reader is elsewhere. */
  readonly draft: Draft | undefined;
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
}) {
  const { texts } = useChatSurroundings();
  const [text, show] = useState(() => draft?.read() ?? '');
  const setText = (text: string) => {
    show(text);
    draft?.write(text);
  };
  const name = useRef(draft?.name);
  useLayoutEffect(() => {
    if (draft === undefined || draft.name === name.current) return;
    name.current = draft.name;
    show(draft.read());
  }, [draft?.name]);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.blockSize = 'auto';
    current.style.blockSize = `${current.scrollHeight + 2}px`;
  }, [text]);
  const send = () => {
    const question = text.trim();
    if (question === '' || busy || disabled) return;
    setText('');
    onAsk(question);
    field.current?.focus();
  };
  return (
    <form
      class="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="visually-hidden" for={id}>
        {texts.question}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        maxLength={LONGEST_QUESTION}
        placeholder={texts.placeholder}
        value={text}
        dir="auto"
        aria-describedby={`${id}-hint`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // An Enter that ends a composition of characters sends nothing.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {busy ? (
        <Button icon="stop" iconOnly class="chat-stop" onClick={onStop}>
          {texts.stop}
        </Button>
      ) : (
        <Button
          kind="primary"
          icon="send"
          iconOnly
          type="submit"
          disabled={disabled || text.trim() === ''}
        >
          {texts.send}
        </Button>
      )}
      <p id={`${id}-hint`} class="chat-hint">
        <span class="visually-hidden">{texts.composerHint} </span>
        {texts.disclaimer}
      </p>
    </form>
  );
}
