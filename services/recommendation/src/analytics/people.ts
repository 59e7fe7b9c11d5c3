import type { AtRiskPerson, UserAnalytics } from '@docent/contracts/analytics';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import { workerPrincipal } from '@docent/core/principal';
import { recordAction } from '@docent/database/audit';
import type { Database } from '@docent/database/database';
import { findRisks, type Risk } from '../atRisk/atRisk.ts';
import { oversees } from './access.ts';
import { departmentName } from './groups.store.ts';
import { describeRisks, findCourseTitles, findUserAnalytics } from './people.store.ts';
import { findSettings } from './settings.store.ts';

/** What analytics know about one person. */
export type PeopleStory = ReturnType<typeof makePeople>;

export function makePeople({
  database,
  now = () => new Date(),
}: {
  readonly database: Database;
  readonly now?: (() => Date) | undefined;
}) {
  return {
    /**
     * Learners also see which of their own courses may fail, by what their managers would see; nobody else does here.
     * @throws AppError `not_found` for whom the caller does not oversee.
     */
    async analyticsOf(principal: Principal, userId: string): Promise<UserAnalytics> {
      const { orgId } = principal;
      const own = userId === principal.userId ? await risksOf(orgId, userId) : null;
      return database.withPrincipal(
        principal,
        async (tx) => {
          const found = await findUserAnalytics(tx, orgId, userId);
          if (found === null) throw notFound('user', userId);
          if (own === null) return { ...found, atRisk: null };
          const ids = own.map(({ courseId }) => courseId);
          return { ...found, atRisk: ownRisks(own, await findCourseTitles(tx, orgId, ids)) };
        },
        { readOnly: true },
      );
    },

    /**
     * Who is at risk in a department and below it, but for those who do not want to be profiled; each reading goes on
     * record.
     * @throws AppError `not_found` for a department that the caller does not oversee, `forbidden` where the
     *   organization has not switched the list on.
     */
    async atRisk(principal: Principal, departmentId: string): Promise<AtRiskPerson[]> {
      const { orgId } = principal;
      if (!oversees(principal, departmentId)) throw notFound('department', departmentId);
      const likely = await likelyOnes(orgId);
      return database.withPrincipal(principal, async (tx) => {
        if ((await departmentName(tx, orgId, departmentId)) === null) {
          throw notFound('department', departmentId);
        }
        if (!(await findSettings(tx, orgId)).atRiskList) {
          throw new AppError(
            'forbidden',
            'Your organization shows who is at risk to nobody but themselves.',
          );
        }
        const people = await describeRisks(tx, orgId, departmentId, likely);
        await recordAction(tx, principal, {
          action: 'at_risk.read',
          targetKind: 'department',
          targetId: departmentId,
          details: { people: new Set(people.map(({ userId }) => userId)).size },
        });
        return people;
      });
    },
  };
  /** The model is for workers; whom it is about is for the caller's rights. */
  function risksOf(orgId: string, userId: string): Promise<Risk[]> {
    return database.withPrincipal(
      workerPrincipal(orgId),
      async (tx) => (await findRisks(tx, orgId, now(), userId)).filter(({ likely }) => likely),
      { readOnly: true },
    );
  }
  function likelyOnes(orgId: string) {
    return database.withPrincipal(
      workerPrincipal(orgId),
      async (tx) =>
        (await findSettings(tx, orgId)).atRiskList
          ? (await findRisks(tx, orgId, now())).filter(
              ({ likely, profiling }) => likely && profiling,
            )
          : [],
      { readOnly: true },
    );
  }
}

function ownRisks(
  risks: readonly Risk[],
  titles: ReadonlyMap<string, string>,
): NonNullable<UserAnalytics['atRisk']> {
  return risks
    .flatMap(({ courseId, probability, byRule, silentDays }) => {
      const title = titles.get(courseId);
      if (title === undefined) return [];
      const reasons = [
        ...(byRule ? [`Nothing new for ${silentDays} days`] : []),
        ...(probability === null ? [] : ['What was due so far, and what was handed in of it']),
      ];
      return [{ course: { id: courseId, title }, probability, reasons }];
    })
    .sort(
      (a, b) =>
        (b.probability ?? -1) - (a.probability ?? -1) ||
        a.course.title.localeCompare(b.course.title),
    );
}
