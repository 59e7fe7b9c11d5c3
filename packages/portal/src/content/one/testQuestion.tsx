import type { Message } from '@docent/contracts/chat';
import type { Content } from '@docent/contracts/content';
import type { Passage, SearchResponse } from '@docent/contracts/search';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { Markdown } from '../../chat/markdown.tsx';
import { useQuery } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Badge, Meter } from '../../ui/meter.tsx';
import { Empty, Failure, Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { placeInWords } from '../place.ts';
import { validityNames } from '../words.ts';

/** Passages of this content that a test shows. */
const SHOWN = 10;
/** Contents among which its rank is looked for. */
const AMONG = 20;

interface Result {
  readonly passages: readonly Passage[];
  readonly mode: SearchResponse['mode'];
  readonly correctedQuery: string | null;
  /** Place among all contents, from 1; null: not among the first ones. */
  readonly rank: number | null;
}

/** A question put to this content alone: what is found in it, with its scores, and what would be answered. */
export function TestQuestion({ content }: { readonly content: Content }) {
  const [query, setQuery] = useQuery();
  const asked = query.q ?? '';
  const [typed, setTyped] = useState(asked);
  useEffect(() => setTyped(asked), [asked]);
  return (
    <>
      {content.status !== 'published' && (
        <Notice tone="warning">
          Only published content is searched: this one is found by nobody, not even by this test.
        </Notice>
      )}
      {content.validity !== 'effective' && (
        <Notice tone="info">
          {validityNames[content.validity]}: people do not find it now. The search below looks at it
          nevertheless; the answer does not.
        </Notice>
      )}
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ q: typed.trim() });
        }}
      >
        <Field label="Question" hint="As somebody would ask it">
          {(field) => (
            <input
              {...field}
              required
              maxLength={2_000}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button kind="primary" icon="search" type="submit">
            Test it
          </Button>
        </div>
      </form>
      {asked !== '' && (
        <>
          <Answer key={`a ${asked}`} content={content} question={asked} />
          <Found key={`f ${asked}`} content={content} question={asked} />
        </>
      )}
    </>
  );
}

/** What `work` gives, once; it is stopped when the component goes. */
function useOnce<T>(work: (signal: AbortSignal) => Promise<T>) {
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setState({});
    work(controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setState({ data });
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setState({ error });
      },
    );
    return () => controller.abort();
  }, [round]);
  return { ...state, again: () => setRound((before) => before + 1) };
}

function Found({ content, question }: { readonly content: Content; readonly question: string }) {
  const api = useApi();
  const search = useOnce(async (signal): Promise<Result> => {
    const state = content.validity === 'effective' ? {} : { state: content.validity };
    const ask = (body: object) =>
      api.send<SearchResponse>('POST', '/v1/search', { query: question, ...body }, { signal });
    const [here, all] = await Promise.all([
      ask({ filters: { contentIds: [content.id], ...state }, limit: SHOWN, maxPerContent: SHOWN }),
      ask({ filters: state, limit: AMONG, maxPerContent: 1 }),
    ]);
    const at = all.passages.findIndex(({ contentId }) => contentId === content.id);
    const { passages, mode, correctedQuery } = here;
    return { passages, mode, correctedQuery, rank: at < 0 ? null : at + 1 };
  });
  const { data, error } = search;
  return (
    <section class="stack" aria-labelledby="found-title">
      <h2 id="found-title">What is found in it</h2>
      {error !== undefined && <Failure error={error} retry={search.again} />}
      {data === undefined && error === undefined && <Skeleton lines={6} />}
      {data !== undefined && (
        <>
          {data.correctedQuery !== null && <p class="muted">Searched for: {data.correctedQuery}</p>}
          <p role="status">{sentenceOf(data)}</p>
          {data.passages.length === 0 ? (
            <Empty title="Nothing in it is about this question" />
          ) : (
            <ol class="chunks">
              {data.passages.map((passage, index) => (
                <FoundPassage key={passage.id} passage={passage} rank={index + 1} />
              ))}
            </ol>
          )}
        </>
      )}
    </section>
  );
}

function sentenceOf({ passages, rank, mode }: Result): string {
  const how = mode === 'words' ? ' Only words were compared: no vectors were at hand.' : '';
  if (passages.length === 0) return `No passage was found.${how}`;
  const place =
    rank === null
      ? `It is not among the first ${AMONG} contents when everything is searched.`
      : rank === 1
        ? 'When everything is searched, it comes first.'
        : `When everything is searched, it comes as number ${rank}.`;
  return `${place}${how}`;
}

function FoundPassage({ passage, rank }: { readonly passage: Passage; readonly rank: number }) {
  const { parts } = passage;
  const where = placeInWords(passage.place);
  return (
    <li class="card chunk">
      <header>
        <div class="spread">
          <h3>
            {rank}. {where === '' ? 'Passage' : where}
          </h3>
          <Meter label="Score" value={passage.score} text={passage.score.toFixed(2)} />
        </div>
        <p class="scores muted small">
          <span>Words (BM25) {parts.words.toFixed(1)}</span>
          <span>Share of what words can reach {parts.wordsNormalised.toFixed(2)}</span>
          <span>
            {parts.vector === null
              ? 'No vector yet'
              : `Likeness of meaning ${parts.vector.toFixed(2)}`}
          </span>
        </p>
      </header>
      <p class="text">
        <Highlighted text={passage.text} spans={passage.highlights} />
      </p>
    </li>
  );
}

function Highlighted({
  text,
  spans,
}: {
  readonly text: string;
  readonly spans: Passage['highlights'];
}) {
  const ordered = [...spans].sort((a, b) => a.start - b.start);
  let at = 0;
  const parts = ordered.map(({ start, end }) => {
    const before = text.slice(at, start);
    at = end;
    return (
      <>
        {before}
        <mark>{text.slice(start, end)}</mark>
      </>
    );
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}

/** Sources are listed below the answer by their numbers. */
const showMarker = (number: number) => `[${number}]`;

const outcomes = { answer: 'Answered', abstain: 'Not answered', clarify: 'Asks back' } as const;

function Answer({ content, question }: { readonly content: Content; readonly question: string }) {
  const api = useApi();
  const answer = useOnce(async () => {
    // Not stopped when the page is left: its conversation would stay.
    const message = await api.send<Message>(
      'POST',
      '/v1/chat',
      { message: question, filters: { contentIds: [content.id] } },
      { headers: { accept: 'application/json' } },
    );
    // A test is no conversation of the person who tests.
    await api.send('DELETE', `/v1/conversations/${message.conversationId}`).catch(() => undefined);
    return message;
  });
  const { data, error } = answer;
  return (
    <section class="card" aria-labelledby="answer-title">
      <div class="spread">
        <h2 id="answer-title">The answer from this content alone</h2>
        {data !== undefined && data.outcome !== null && (
          <Badge tone={data.outcome === 'answer' ? 'good' : 'warning'}>
            {outcomes[data.outcome]}
          </Badge>
        )}
      </div>
      {error !== undefined && <Failure error={error} retry={answer.again} />}
      {data === undefined && error === undefined && <Skeleton lines={4} />}
      {data !== undefined && (
        <div class="stack" role="status">
          <div class="stack answer-text">
            <Markdown text={data.text} showMarker={showMarker} />
          </div>
          {data.confidence !== null && (
            <div>
              <Meter
                label="Confidence"
                value={data.confidence.value}
                tone={
                  data.confidence.level === 'high'
                    ? 'good'
                    : data.confidence.level === 'medium'
                      ? 'warning'
                      : 'bad'
                }
              />
              <p class="muted small">{data.confidence.explanation}</p>
            </div>
          )}
          {data.sources.length > 0 && (
            <ol class="differences">
              {data.sources.map((source) => (
                <li key={source.number} value={source.number}>
                  {placeInWords(source.place) || source.title}
                </li>
              ))}
            </ol>
          )}
        </div>
      )}
    </section>
  );
}
