import { peopleOf, rounded, shareOf, suppressed } from '../privacy/rounding.ts';
import { countAnswers, type Item } from './questions.store.ts';
import type { Table } from './table.ts';

/** A correlation of fewer people is mostly chance. */
const ENOUGH_PEOPLE = 20;
/** Below it a question does not tell able people from others. */
const TELLS_NOTHING = 0.1;

/** Questions of assessments over the whole organization: how many get them right, and whether that says anything. */
export const questions: Table<'questions'> = async ({ tx, orgId, tree, k }) => {
  const items = await countAnswers(tx, orgId);
  const rows = items.map(({ assessment, questionId, ...item }) => ({
    assessment,
    questionId,
    value: mayShow(item, k) ? shown(item, k) : suppressed(k),
  }));
  return (group) => ({ rows: group.id === tree.id ? rows : [] });
};

type Counts = Omit<Item, 'assessment' | 'questionId'>;

/** No total over questions is published, so nothing is left over when one is hidden. */
function mayShow({ people, correct }: Counts, k: number): boolean {
  return people >= k && correct > 0 && correct < 1;
}

function shown({ people, correct, discrimination }: Counts, k: number) {
  const told = people >= ENOUGH_PEOPLE && discrimination !== null ? discrimination : null;
  return {
    people: peopleOf(people, k),
    correct: shareOf(correct, 1, people),
    discrimination: told === null ? null : rounded(told, 2),
    flagged: told !== null && told < TELLS_NOTHING,
  };
}
