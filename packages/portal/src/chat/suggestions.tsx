import type { Content } from '@docent/contracts/content';
import type { RecommendationList } from '@docent/contracts/recommend';
import type { Page } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useChatSurroundings } from './context.tsx';

const SHOWN = 4;

/** Before the first question: what Docent is for, and questions about what the person is learning. */
export function Suggestions({ onAsk }: { readonly onAsk: (question: string) => void }) {
  const { texts } = useChatSurroundings();
  const { user } = useMe();
  const list = useResource<RecommendationList>(`/v1/users/${user.id}/recommendations`, {
    limit: SHOWN,
  });
  const titles = list.data
    ? [...list.data.continue, ...list.data.items].map(({ title }) => title)
    : [];
  const questions = [...new Set(titles)]
    .slice(0, SHOWN)
    .map((title) => `What is “${title}” about?`);
  const material = useResource<Page<Content>>(
    list.data !== undefined && questions.length === 0 ? '/v1/content' : null,
    { limit: 1 },
  );
  return (
    <div class="chat-empty">
      <h2>{texts.emptyTitle}</h2>
      <p>{texts.emptyText}</p>
      {material.data?.items.length === 0 && <NoMaterial />}
      {questions.length > 0 && (
        <>
          <p class="small">{texts.suggestions}</p>
          <ul class="chat-suggestions">
            {questions.map((question) => (
              <li key={question}>
                <button type="button" onClick={() => onAsk(question)}>
                  {question}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** Nothing can be answered yet: who may change that is told how. */
function NoMaterial() {
  const { role } = useMe();
  if (role !== 'trainer' && role !== 'admin') {
    return (
      <Notice tone="info">
        <p>There is no material for you yet. As soon as there is, you can ask about it.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="info">
      <p>There is no material yet, so there is nothing to answer from.</p>
      <ButtonLink kind="primary" icon="upload" href="/app/content/upload">
        Upload the first files
      </ButtonLink>
    </Notice>
  );
}
