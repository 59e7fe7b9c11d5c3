import type { Tx } from '@docent/database/sql';
import type { Item } from './arrange.ts';
import { findItems, type Wanted } from './candidates.store.ts';
import { findAskedSkills, findTaughtSkills } from './department.store.ts';
import type { Reason, Through } from './reasons.ts';

/** What the department asks for, beside what is most popular in it. */
const ASKED = 0.8;

/** Skills for somebody of whom nothing is to be used: what popular courses teach, and what the department asks for. */
export async function departmentSkills(tx: Tx, orgId: string, wanted: Wanted): Promise<Item[]> {
  const taught = await findTaughtSkills(tx, orgId, wanted);
  const asked = await findAskedSkills(tx, orgId, wanted);
  const most = Math.max(0, ...taught.map(({ popularity }) => popularity)) || 1;
  const found: { id: string; score: number; known: Reason; through?: Through }[] = [
    ...taught.map(({ skillId, courseId, course, popularity, people, ofDepartment }) => ({
      id: skillId,
      score: popularity / most,
      known: {
        type: 'popular' as const,
        where: ofDepartment ? ('department' as const) : ('organization' as const),
        people,
      },
      through: { how: 'taught' as const, course: { id: courseId, title: course } },
    })),
    ...asked.map(({ skillId, required, importance }) => ({
      id: skillId,
      score: ASKED * Math.min(1, importance),
      known: { type: 'asked_for' as const, required },
    })),
  ];
  if (found.length === 0) return [];
  const rows = await findItems(tx, orgId, 'skill', [...new Set(found.map(({ id }) => id))]);
  return found.flatMap(({ id, score, ...why }) => {
    const candidate = rows.find(({ itemId }) => itemId === id);
    const parts = { taste: 0, need: 0, fit: 0, popularity: score };
    return candidate === undefined ? [] : [{ candidate, parts, ready: 1, score, ...why }];
  });
}
