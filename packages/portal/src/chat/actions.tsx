import type { FeedbackRequest } from '@docent/contracts/chat';
import { useId, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy.ts';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { useSubmit } from '../ui/submit.ts';
import type { Answer } from './answer.ts';
import { ErrorNote } from './answerStates.tsx';
import { useChatSurroundings } from './context.tsx';
import { textWithSources } from './words.ts';

type Rating = FeedbackRequest['rating'];
type Reason = NonNullable<FeedbackRequest['reason']>;

/** What can be done with an answer: copy it, say what it was worth, ask again. */
export function Actions({
  answer,
  rate,
  onRetry,
}: {
  readonly answer: Answer;
  readonly rate: (feedback: FeedbackRequest | null) => Promise<void>;
  readonly onRetry: (() => void) | null;
}) {
  const { texts, say } = useChatSurroundings();
  const [asking, setAsking] = useState<Rating | null>(null);
  const [error, setError] = useState<unknown>(null);
  const bar = useRef<HTMLDivElement>(null);
  useKeptFocus(() => bar.current?.querySelector('[aria-pressed=true]'), asking);
  const copy = async () => {
    const copied = await copyText(textWithSources(answer, texts));
    say(copied ? texts.copied : texts.copyFailed);
  };
  const choose = async (rating: Rating) => {
    const taken = answer.feedback === rating;
    setAsking(taken ? null : rating);
    setError(null);
    try {
      await rate(taken ? null : { rating });
    } catch (failure) {
      setAsking(null);
      setError(failure);
    }
  };
  return (
    <>
      <div class="chat-actions" ref={bar}>
        <Button kind="quiet" icon="copy" iconOnly onClick={copy}>
          {texts.copy}
        </Button>
        <Button
          kind="quiet"
          icon="up"
          iconOnly
          aria-pressed={answer.feedback === 'up'}
          onClick={() => void choose('up')}
        >
          {texts.helpful}
        </Button>
        <Button
          kind="quiet"
          icon="down"
          iconOnly
          aria-pressed={answer.feedback === 'down'}
          onClick={() => void choose('down')}
        >
          {texts.notHelpful}
        </Button>
        {onRetry !== null && (
          <Button kind="quiet" icon="retry" iconOnly onClick={onRetry}>
            {texts.retry}
          </Button>
        )}
      </div>
      {error !== null && <ErrorNote error={error} />}
      {asking !== null && (
        <FeedbackForm key={asking} rating={asking} rate={rate} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

/** The rating is kept already: this is why. */
function FeedbackForm({
  rating,
  rate,
  onClose,
}: {
  readonly rating: Rating;
  readonly rate: (feedback: FeedbackRequest) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { texts, say } = useChatSurroundings();
  const [reason, setReason] = useState<Reason | null>(null);
  const [comment, setComment] = useState('');
  const { busy, error, run } = useSubmit();
  const id = useId();
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = comment.trim();
    const rated = await run(() =>
      rate({
        rating,
        ...(reason === null ? {} : { reason }),
        ...(said === '' ? {} : { comment: said }),
      }),
    );
    if (!rated) return;
    say(texts.thanks);
    onClose();
  };
  return (
    <form class="chat-feedback" onSubmit={(event) => void submit(event)}>
      <fieldset>
        <legend>{rating === 'down' ? texts.whatWasWrong : texts.whatWasGood}</legend>
        {rating === 'down' &&
          reasons.map((one) => (
            <label key={one} class="chat-reason">
              <input
                type="radio"
                name={id}
                checked={reason === one}
                onChange={() => setReason(one)}
              />
              {texts.reasons[one]}
            </label>
          ))}
      </fieldset>
      <label class="visually-hidden" for={`${id}-comment`}>
        {texts.comment}
      </label>
      <textarea
        id={`${id}-comment`}
        rows={2}
        maxLength={2_000}
        placeholder={texts.comment}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      {error !== undefined && <ErrorNote error={error} />}
      <div class="actions">
        <Button type="submit" busy={busy} disabled={reason === null && comment.trim() === ''}>
          {texts.sendFeedback}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}

const reasons: readonly Reason[] = [
  'wrong',
  'incomplete',
  'wrong_source',
  'outdated',
  'not_helpful',
  'other',
];
