import { ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Meter } from '../ui/meter.tsx';
import { percent } from '../ui/words.ts';
import type { Answer, AnswerError } from './answer.ts';
import { useChatSurroundings } from './context.tsx';
import type { SourceRef } from './sourceRef.ts';
import type { Texts } from './texts/texts.ts';
import { placeText } from './words.ts';

/** What went wrong, in a sentence, with the request's id for whoever looks after Docent. */
export function ErrorNote({
  error,
  onRetry,
  retryLabel,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly retryLabel?: string;
}) {
  const { texts } = useChatSurroundings();
  const { code, detail, requestId } = told(error);
  return (
    <div class="notice bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>{sentenceFor(code, detail, texts)}</p>
        {requestId !== null && (
          <p class="muted small">
            {texts.request} <code>{requestId}</code>
          </p>
        )}
        {onRetry !== undefined && (
          <Button icon="retry" onClick={onRetry}>
            {retryLabel ?? texts.retry}
          </Button>
        )}
      </div>
    </div>
  );
}

function told(error: unknown): AnswerError {
  if (error instanceof ApiProblem) {
    return { code: error.code, detail: error.message, requestId: error.requestId };
  }
  if (typeof error === 'object' && error !== null && 'code' in error && 'detail' in error) {
    const requestId =
      'requestId' in error && typeof error.requestId === 'string' ? error.requestId : null;
    return { code: String(error.code), detail: String(error.detail), requestId };
  }
  return { code: 'unknown', detail: '', requestId: null };
}

/** What went wrong, in the reader's language where it is known. */
function sentenceFor(code: string, detail: string, texts: Texts): string {
  if (code === 'network') return texts.network;
  if (code === 'unauthenticated') return texts.signInNeeded;
  return detail === '' ? texts.failed : detail;
}

const tones = { low: 'bad', medium: 'warning', high: 'good' } as const;

/** How far to trust an answer: a word, a bar, and on demand why. */
export function ConfidenceView({
  confidence,
}: {
  readonly confidence: NonNullable<Answer['confidence']>;
}) {
  const { texts } = useChatSurroundings();
  const { value, level, explanation } = confidence;
  return (
    <details class="chat-confidence">
      <summary>
        <span class={`chat-level ${tones[level]}`}>
          {texts.confidence}: <strong>{texts.levels[level]}</strong>
        </span>
        <Meter
          value={value}
          label={texts.confidenceIs(texts.levels[level], percent(value))}
          tone={tones[level]}
        />
      </summary>
      <p>{explanation}</p>
      <p class="muted small">{texts.confidenceMeaning}</p>
    </details>
  );
}

/** The material has no answer: what comes nearest, and whom to ask. */
export function Abstention({ answer }: { readonly answer: Answer }) {
  const { texts } = useChatSurroundings();
  return (
    <div class="chat-card abstain">
      <h3>
        <Icon name="info" /> {texts.abstainTitle}
      </h3>
      <p dir="auto">{answer.text}</p>
      {answer.nearest.length > 0 && (
        <>
          <h4>{texts.nearest}</h4>
          <NearestList answer={answer} />
        </>
      )}
    </div>
  );
}

function NearestList({ answer }: { readonly answer: Answer }) {
  const { texts, onOpenSource } = useChatSurroundings();
  return (
    <ul class="chat-sources">
      {answer.nearest.map((source) => {
        const ref: SourceRef = {
          messageId: answer.id ?? '',
          number: source.number,
          occurrence: 0,
          nearest: true,
        };
        return (
          <li key={source.number}>
            <button type="button" class="chat-source" onClick={() => onOpenSource(ref)}>
              <Icon name="content" size={18} />
              <span>
                <span class="chat-source-title">{source.title}</span>
                <span class="chat-source-place">{placeText(source.place, texts)}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The question fits several documents: a button for each. */
export function Clarification({
  answer,
  onChoose,
}: {
  readonly answer: Answer;
  /** Null: the conversation has gone on. */
  readonly onChoose: ((title: string) => void) | null;
}) {
  const { texts } = useChatSurroundings();
  const [question = ''] = answer.text.split(/\n\n(?=1\. )/);
  return (
    <div class="chat-card clarify">
      <h3>
        <Icon name="chat" /> {texts.clarifyTitle}
      </h3>
      <p dir="auto">{question}</p>
      <ul class="chat-options">
        {answer.nearest.map(({ number, title }) => (
          <li key={number}>
            <Button disabled={onChoose === null} onClick={() => onChoose?.(title)}>
              {title}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
