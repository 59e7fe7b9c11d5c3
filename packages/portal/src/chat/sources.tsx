import type { Answer } from './answer.ts';
import { useChatSurroundings } from './context.tsx';
import { citationAt, type SourceRef } from './sourceRef.ts';
import { placeText } from './words.ts';

/** `[n]` in the text: opens the source at the place that it cites. */
export function CitationMarker({
  answer,
  number,
  occurrence,
}: {
  readonly answer: Answer;
  readonly number: number;
  readonly occurrence: number;
}) {
  const { texts, openSource, onOpenSource } = useChatSurroundings();
  const source = answer.sources.find((one) => one.number === number);
  if (source === undefined) {
    return (
      <span class="chat-marker unknown" title={texts.unknownSource(number)}>
        {number}?<span class="visually-hidden"> {texts.unknownSource(number)}</span>
      </span>
    );
  }
  const citation = citationAt(answer.citations, number, occurrence);
  const doubtful = citation?.supported === false;
  const ref: SourceRef = { messageId: answer.id ?? '', number, occurrence, nearest: false };
  const name = [
    texts.source(number, source.title),
    placeText(source.place, texts),
    doubtful ? texts.notConfirmed : '',
  ];
  const label = name.filter(Boolean).join(', ');
  return (
    <button
      type="button"
      class={`chat-marker${doubtful ? ' doubtful' : ''}`}
      aria-label={label}
      title={label}
      aria-expanded={isOpen(openSource, ref)}
      disabled={answer.id === null}
      onClick={() => onOpenSource(ref)}
    >
      {number}
    </button>
  );
}

/** What an answer was written from. */
export function SourceList({ answer }: { readonly answer: Answer }) {
  const { texts, onOpenSource } = useChatSurroundings();
  return (
    <section class="chat-source-section" aria-label={texts.sources}>
      <h3>{texts.sources}</h3>
      <ol class="chat-sources">
        {answer.sources.map((source) => (
          <li key={source.number}>
            <button
              type="button"
              class="chat-source"
              onClick={() =>
                onOpenSource({
                  messageId: answer.id ?? '',
                  number: source.number,
                  occurrence: 0,
                  nearest: false,
                })
              }
            >
              <span class="chat-number" aria-hidden="true">
                {source.number}
              </span>
              <span>
                <span class="chat-source-title">{source.title}</span>
                <span class="chat-source-place">{placeText(source.place, texts)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function isOpen(open: SourceRef | null, ref: SourceRef): boolean {
  return (
    open !== null &&
    open.messageId === ref.messageId &&
    open.number === ref.number &&
    open.occurrence === ref.occurrence &&
    !open.nearest
  );
}
