import type { FeedbackRequest } from '@docent/contracts/chat';
import { useCallback } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { Actions } from './actions.tsx';
import { type Answer, isRunning, type Turn } from './answer.ts';
import { Abstention, Clarification, ConfidenceView, ErrorNote } from './answerStates.tsx';
import { useChatSurroundings } from './context.tsx';
import { Markdown } from './markdown.tsx';
import { CitationMarker, SourceList } from './sources.tsx';

/** A question with its answer, whatever became of it. */
export function TurnView({
  turn: { question, answer },
  isLast,
  onAsk,
  onRetry,
  rate,
}: {
  readonly turn: Turn;
  readonly isLast: boolean;
  readonly onAsk: (question: string) => void;
  readonly onRetry: () => void;
  readonly rate: (feedback: FeedbackRequest | null) => Promise<void>;
}) {
  const { texts } = useChatSurroundings();
  const running = isRunning(answer);
  const again = isLast && !running ? onRetry : null;
  return (
    <article class="chat-turn">
      <h2 class="chat-question" dir="auto" tabIndex={-1}>
        <span class="visually-hidden">{texts.you}: </span>
        {question}
      </h2>
      <div class="chat-answer" aria-busy={running}>
        <span class="visually-hidden">{texts.docent}: </span>
        {isRewritten(question, answer) && (
          <p class="chat-rewritten">
            <Icon name="search" size={15} /> {texts.searchedFor(answer.question ?? '')}
          </p>
        )}
        <Body answer={answer} onChoose={again === null ? null : onAsk} />
        <Ending answer={answer} onRetry={again} />
        {!running && answer.text !== '' && (
          <Actions answer={answer} rate={rate} onRetry={answer.error === null ? again : null} />
        )}
      </div>
    </article>
  );
}

function Body({
  answer,
  onChoose,
}: {
  readonly answer: Answer;
  readonly onChoose: ((title: string) => void) | null;
}) {
  const { texts } = useChatSurroundings();
  const waiting = isRunning(answer) && answer.text === '';
  if (!waiting && answer.outcome === 'abstain') return <Abstention answer={answer} />;
  if (!waiting && answer.outcome === 'clarify') {
    return <Clarification answer={answer} onChoose={onChoose} />;
  }
  return (
    <>
      {answer.degraded !== null && (
        <p class="chat-degraded">
          <Icon name="info" size={17} />
          {answer.degraded === 'quotes' ? texts.quotes : texts.earlierAnswer}
        </p>
      )}
      {waiting && (
        <p class="chat-waiting">
          <span class="chat-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {answer.step ?? texts.waiting}
        </p>
      )}
      {answer.text !== '' && <Written answer={answer} />}
      {answer.sources.length > 0 && !isRunning(answer) && <SourceList answer={answer} />}
      {answer.confidence !== null && isWhole(answer) && (
        <ConfidenceView confidence={answer.confidence} />
      )}
    </>
  );
}

/** Of a part of an answer nobody asks how sure it is. */
function isWhole({ status, text }: Answer): boolean {
  return text !== '' && status !== 'stopped' && status !== 'incomplete';
}

function Written({ answer }: { readonly answer: Answer }) {
  const { sources, citations, id } = answer;
  const showMarker = useCallback(
    (number: number, occurrence: number) => (
      <CitationMarker answer={answer} number={number} occurrence={occurrence} />
    ),
    [sources, citations, id],
  );
  return (
    <div class={`chat-text${isRunning(answer) ? ' growing' : ''}`} dir="auto">
      <Markdown text={answer.text} showMarker={showMarker} />
    </div>
  );
}

function Ending({
  answer,
  onRetry,
}: {
  readonly answer: Answer;
  readonly onRetry: (() => void) | null;
}) {
  const { texts } = useChatSurroundings();
  if (answer.status === 'stopped') return <p class="chat-ending">{texts.stopped}</p>;
  if (answer.status !== 'incomplete') return null;
  return (
    <>
      {answer.text !== '' && <p class="chat-ending">{texts.incomplete}</p>}
      <ErrorNote
        error={answer.error ?? { code: 'unknown', detail: '' }}
        {...(onRetry === null ? {} : { onRetry })}
      />
    </>
  );
}

/** A follow-up was made to stand alone; what only differs in its writing is not worth a line. */
function isRewritten(question: string, { question: searched }: Answer): boolean {
  if (searched === null) return false;
  const bare = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return bare(searched) !== bare(question);
}
