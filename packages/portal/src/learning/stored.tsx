import type { Conversation, Feedback, Message } from '@docent/contracts/chat';
import type { LearningProfile } from '@docent/contracts/recommend';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { readEvery, useEvery } from '../api/every.ts';
import { saveFile } from '../api/saveFile.ts';
import { useMe } from '../session/session.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { counted } from '../ui/words.ts';

interface Kind {
  readonly key: string;
  readonly what: ComponentChildren;
  readonly why: string;
  readonly used: boolean;
  readonly rows: number;
}

/** Everything that is stored about the person, of learning and of the chat, and the way to take it along. */
export function Stored({ profile: { stored } }: { readonly profile: LearningProfile }) {
  const conversations = useEvery<Conversation>('/v1/conversations');
  const ratings = useEvery<Feedback>('/v1/feedback');
  const failed = [conversations, ratings].find(({ error }) => error !== undefined);
  const known = conversations.data !== undefined && ratings.data !== undefined;
  const kinds = [
    ...stored.map(
      ({ what, why, rows, usedForRecommendations: used }): Kind => ({
        key: what,
        what,
        why,
        used,
        rows,
      }),
    ),
    ...(known ? ofTheChat(conversations.data, ratings.data) : []),
  ];
  return (
    <section class="stack" aria-labelledby="stored">
      <div class="learning-head">
        <h2 id="stored">What is stored about you</h2>
        <TakeAlong />
      </div>
      {failed !== undefined && (
        <Failure
          error={failed.error}
          retry={() => {
            conversations.reload();
            ratings.reload();
          }}
        />
      )}
      {!known && failed === undefined && <Skeleton lines={10} />}
      {(known || failed !== undefined) && (
        <Table
          caption="What is stored about you"
          hideCaption
          rows={kinds}
          rowKey={({ key }) => key}
          columns={[
            { key: 'what', label: 'What', cell: ({ what }) => what },
            { key: 'why', label: 'What for', cell: ({ why }) => why },
            {
              key: 'used',
              label: 'For recommendations',
              cell: ({ used }) => (used ? 'Yes' : 'No'),
            },
            {
              key: 'rows',
              label: 'Entries',
              numeric: true,
              cell: ({ rows }) => rows.toLocaleString(),
            },
          ]}
        />
      )}
    </section>
  );
}

function ofTheChat(conversations: readonly Conversation[], ratings: readonly Feedback[]): Kind[] {
  return [
    {
      key: 'conversations',
      what: <a href="/app/chat">Conversations in the chat</a>,
      why: 'Going on with them and finding them again; you delete them in the chat',
      used: false,
      rows: conversations.length,
    },
    {
      key: 'messages',
      what: 'Questions that you asked there, and their answers',
      why: 'Understanding the next question; without your name, what the material does not answer',
      used: false,
      rows: conversations.reduce((sum, { messageCount }) => sum + messageCount, 0),
    },
    {
      key: 'ratings',
      what: 'Ratings that you gave answers',
      why: 'Seeing which answers and sources help',
      used: false,
      rows: ratings.length,
    },
  ];
}

/** One file with everything: whole, or none and why. */
function TakeAlong() {
  const api = useApi();
  const me = useMe();
  const { busy, error, run } = useSubmit();
  const [progress, setProgress] = useState('');
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  const take = () =>
    run(async () => {
      try {
        const all = await collect(api, me.user.id, setProgress, leaving.current.signal);
        const file = new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' });
        saveFile(file, 'docent-my-data.json');
      } finally {
        setProgress('');
      }
    });
  return (
    <>
      <Button icon="download" busy={busy} onClick={take}>
        Download all of it
      </Button>
      <p class="muted small" role="status">
        {progress}
      </p>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}

async function collect(
  api: Api,
  userId: string,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<object> {
  tell('Collecting what you learned …');
  const learning = await api.get<object>(`/v1/users/${userId}/learning-profile/export`, { signal });
  const ratings = await readEvery<Feedback>(api, '/v1/feedback', signal);
  const listed = await readEvery<Conversation>(api, '/v1/conversations', signal);
  const conversations: (Conversation & { messages: Message[] })[] = [];
  for (const conversation of listed) {
    const told = `${conversations.length + 1} of ${counted(listed.length, 'conversation')}`;
    tell(`Collecting your chat: ${told} …`);
    const path = `/v1/conversations/${conversation.id}/messages`;
    conversations.push({ ...conversation, messages: await readEvery(api, path, signal) });
  }
  return { ...learning, chat: { conversations, ratings } };
}
