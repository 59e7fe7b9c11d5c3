import type { ProposalRequest, ProposalResult } from '@docent/contracts/evaluationSets';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import {
  findGroupsRated,
  findOwnRated,
  findQuizzes,
  type Quiz,
  type Rated,
} from './proposals.store.ts';
import { findVisible, insertUnknown, type QuestionValues } from './questions.store.ts';
import { roomIn } from './sets.ts';

type Proposal = Omit<QuestionValues, 'setId' | 'status' | 'decidedBy'>;

/**
 * Adds questions to a set for somebody to look at; none is asked before it is confirmed. Doing it again adds what
 * is new since; what was rejected does not come back.
 *
 * What people ask is theirs alone. Of ratings therefore come the caller's own, and those of groups of questions that
 * analytics shows, in the words that it shows them in.
 *
 * @throws AppError `not_found`, `too_large` when the set is full.
 */
export async function proposeQuestions(
  database: Database,
  principal: Principal,
  setId: string,
  { from, assessmentId }: ProposalRequest,
): Promise<ProposalResult> {
  const { orgId } = principal;
  const groups =
    from === 'quizzes'
      ? []
      : await database.withPrincipal(workerPrincipal(orgId), (tx) => findGroupsRated(tx, orgId), {
          readOnly: true,
        });
  return database.withPrincipal(principal, async (tx) => {
    const room = await roomIn(tx, principal, setId);
    const found =
      from === 'quizzes'
        ? (await findQuizzes(tx, orgId, assessmentId ?? null)).map(ofQuiz)
        : [...(await findOwnRated(tx, principal)), ...groups].map(ofRating);
    const named = found.flatMap(({ expectedContents }) =>
      expectedContents.flatMap(({ contentId }) => contentId ?? []),
    );
    const visible = await findVisible(tx, orgId, named);
    let proposed = 0;
    let known = 0;
    for (const proposal of found) {
      if (proposed === room) break;
      const expectedContents = proposal.expectedContents.filter(
        ({ contentId }) => contentId !== undefined && visible.has(contentId),
      );
      const added = await insertUnknown(tx, principal, newId(), {
        ...proposal,
        expectedContents,
        setId,
        status: 'proposed',
        decidedBy: null,
      });
      if (added) proposed += 1;
      else known += 1;
    }
    return { proposed, known };
  });
}

/** Contents of an answer that are taken for right ones; further ones are cited in passing. */
const CITED = 5;

function ofRating({ id, question, up, down, answered, contentIds, reasons }: Rated): Proposal {
  const good = up > down;
  return {
    question,
    // An abstention that was welcome: the material has no answer.
    answerable: !good || answered,
    expectedContents: good && answered ? contentIds.slice(0, CITED).map(ofContent) : [],
    expectedAnswers: [],
    language: null,
    note: [`Ratings: ${up} up, ${down} down.`, ...reasons].join(' ').slice(0, 2_000),
    origin: good ? 'thumbs_up' : 'thumbs_down',
    originId: id,
  };
}

function ofQuiz({ id, prompt, assessment, type, options, answer, contentIds }: Quiz): Proposal {
  const right = options
    .filter((option) => answer.options?.includes(option.id))
    .map(({ text }) => text);
  const value = answer.value === undefined ? [] : [String(answer.value)];
  const answers = [...(answer.accepted ?? []), ...value, ...(type === 'single' ? right : [])];
  // Any of the expected answers makes it right; of several right options all would have to stand there.
  const several = type === 'multiple' ? ` Right: ${right.join(' · ')}.` : '';
  return {
    question: prompt,
    answerable: true,
    expectedContents: contentIds.map(ofContent),
    expectedAnswers: answers
      .filter((text) => text.length <= 500 && /[\p{L}\p{N}]/u.test(text))
      .slice(0, 20),
    language: null,
    note: `From the assessment “${assessment}”.${several}`.slice(0, 2_000),
    origin: 'quiz',
    originId: id,
  };
}

const ofContent = (contentId: string) => ({ contentId });
