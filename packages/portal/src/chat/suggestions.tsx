import type { RecommendationList } from '@docent/contracts/recommend';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
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
  return (
    <div class="chat-empty">
      <h2>{texts.emptyTitle}</h2>
      <p>{texts.emptyText}</p>
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
