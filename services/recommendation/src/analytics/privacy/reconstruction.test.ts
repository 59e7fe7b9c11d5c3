import { AnalyticsGroup } from '@docent/contracts/analytics';
import { newId } from '@docent/core/ids';
import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { testLearning } from '../../testing.ts';
import { monthsOf } from '../periods.ts';
import { companyIn } from '../testing.ts';
import { spanOf } from './attack.ts';

const database = fileDatabase();
const YEAR = 2026;
const NOW = new Date(Date.UTC(YEAR, 5, 15));
const months = [1, 2, 3, 4, 5, 6].map((month) => `${YEAR}-0${month}`);
const K = 5;

/** Jobs of people in departments of departments: how many, and in which month each enrolled. */
const companies = fc.record({
  departments: fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 6 }),
  people: fc.array(
    fc.record({
      place: fc.nat({ max: 11 }),
      job: fc.constantFrom('Analyst', 'Clerk'),
      month: fc.nat({ max: 5 }),
      completed: fc.boolean(),
      level: fc.constantFrom(1.5, 2.5, 3.5),
      evidence: fc.boolean(),
    }),
    { minLength: 20, maxLength: 90 },
  ),
});

type Drawn = typeof companies extends fc.Arbitrary<infer T> ? T : never;

const Line = z.object({
  group: AnalyticsGroup,
  period: z.string().optional(),
  skill: z.object({ id: z.string() }).optional(),
  value: z.record(z.string(), z.unknown()).nullable(),
});
type Line = z.infer<typeof Line>;
const Table = z.object({ rows: z.array(Line) });
const Answer = z.object({ completion: Table, skillGaps: Table, activity: Table, atRisk: Table });

const seen = { shown: 0, hidden: 0 };

test('nobody who asks for everything finds out what is hidden', async () => {
  await fc.assert(
    fc.asyncProperty(companies, async (drawn) => {
      const { ask, csv, departments, peopleOf } = await employ(drawn);

      const whole = `from=${YEAR - 2}-01&to=${YEAR}-12`;
      const places = [null, ...departments];
      const answers = await Promise.all(
        places.map(async (id) => ({ id, answer: await ask(id, whole) })),
      );
      for (const part of ['completion', 'activity', 'skillGaps', 'atRisk'] as const) {
        const lines = answers.flatMap(({ answer }) => answer[part].rows);
        attack(lines, peopleOf);
      }

      // A month alone, or a spreadsheet, says nothing that the whole does not.
      for (const { id, answer } of answers) {
        const all = new Set(answer.completion.rows.map((line) => JSON.stringify(line)));
        for (const month of months.slice(0, id === null ? 6 : 1)) {
          const alone = await ask(id, `from=${month}&to=${month}`);
          for (const line of alone.completion.rows) expect(all).toContain(JSON.stringify(line));
        }
        const rows = await csv(id, `table=completion&${whole}`);
        expect(rows.map((row) => row.suppressed === 'true')).toEqual(
          answer.completion.rows.map(({ value }) => isHidden(value)),
        );
        for (const row of rows.filter((each) => each.suppressed === 'true')) {
          expect(row).toMatchObject({ 'people.atLeast': '', enrolments: '', completed: '' });
        }
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(seen.shown).toBeGreaterThan(50);
  expect(seen.hidden).toBeGreaterThan(50);
}, 240_000);

/** Who is in a group: the places that its people are at, and how many enrolled there in each month. */
type PeopleOf = (group: AnalyticsGroup) => ReadonlyMap<string, readonly number[]>;

/**
 * Takes the exact numbers behind everything that is shown, more than the answers give, and adds and subtracts them in
 * every way. Then it does the same with what the answers do give: ranges of people.
 */
function attack(lines: readonly Line[], peopleOf: PeopleOf): void {
  const atoms = (line: Line) => {
    const { first, last } =
      line.period === undefined
        ? { first: months[0] ?? '', last: months.at(-1) ?? '' }
        : monthsOf(line.period);
    return new Set(
      [...peopleOf(line.group).keys()].flatMap((place) =>
        months.flatMap((month) => (month >= first && month <= last ? [`${place} ${month}`] : [])),
      ),
    );
  };
  seen.hidden += lines.filter(({ value }) => isHidden(value)).length;
  seen.shown += lines.filter(({ value }) => value !== null && !isHidden(value)).length;
  const span = spanOf(lines.filter(({ value }) => !isHidden(value)).map(atoms));
  for (const line of lines) {
    if (isHidden(line.value)) {
      expect(line.value).toEqual({ suppressed: true, reason: 'group_too_small', k: K });
      const target = atoms(line);
      if (target.size > 0) expect(span.has(target)).toBe(false);
    } else if (line.value !== null) {
      const people = z.object({ atLeast: z.int(), atMost: z.int() }).parse(line.value.people);
      expect(people.atLeast).toBeGreaterThanOrEqual(K);
      expect(people.atMost).toBeGreaterThan(people.atLeast);
    }
  }
}

function isHidden(value: Line['value']): boolean {
  return value !== null && value.suppressed === true;
}

async function employ({ departments: parents, people }: Drawn) {
  const learning = await testLearning({ database: database(), clock: () => NOW });
  const company = companyIn(database(), learning.principal);
  const departments: string[] = [];
  const parentOf = new Map<string, string | undefined>();
  for (const [index, parent] of parents.entries()) {
    // 0, and one that is not there yet: at the top.
    const parentId = departments[parent - 1];
    const id = await company.department(`Department ${index}`, parentId);
    departments.push(id);
    parentOf.set(id, parentId);
  }
  const skill = await company.skill('Reading');
  const course = await company.course('A course', skill);
  for (const job of ['Analyst', 'Clerk']) await company.target(skill, 3, { job });

  const members = new Map<string, Map<string, number[]>>();
  const hired = people.map((person) => ({
    ...person,
    id: newId(),
    departmentId: departments[person.place],
    at: `${YEAR}-0${person.month + 1}-02T00:00:00Z`,
  }));
  for (const { departmentId = '', job, month } of hired) {
    const jobs = members.get(departmentId) ?? new Map<string, number[]>();
    const counts = jobs.get(job) ?? months.map(() => 0);
    counts[month] = (counts[month] ?? 0) + 1;
    members.set(departmentId, jobs.set(job, counts));
  }
  await company.write(sql`
    insert into docent.users (org_id, id, email, name, role, department_id, job_title)
    select ${company.orgId}, p.id, p.id || '@example.org', 'A learner', 'learner', p.department_id, p.job
      from unnest(${hired.map(({ id }) => id)}::uuid[],
        ${hired.map(({ departmentId }) => departmentId ?? null)}::uuid[],
        ${hired.map(({ job }) => job)}::text[]) p (id, department_id, job)`);
  await company.write(sql`
    insert into docent.learning_progress (org_id, id, user_id, course_id, status, progress, assigned_at,
      started_at, completed_at, occurred_at, source)
    select ${company.orgId}, gen_random_uuid(), p.id, ${course},
           case when p.completed then 'completed' else 'in_progress' end, 100, p.at, p.at,
           case when p.completed then p.at end, p.at, 'test'
      from unnest(${hired.map(({ id }) => id)}::uuid[], ${hired.map(({ at }) => at)}::timestamptz[],
        ${hired.map(({ completed }) => completed)}::boolean[]) p (id, at, completed)`);
  const measured = hired.filter(({ evidence }) => evidence);
  await company.level(
    measured.map(({ id }) => id),
    skill,
    (index) => measured[index]?.level ?? 1.5,
  );

  const below = (id: string): string[] => [
    id,
    ...departments.filter((each) => parentOf.get(each) === id).flatMap(below),
  ];
  const placesOf = ({ kind, departmentId }: AnalyticsGroup): string[] => {
    if (kind === 'organization') return ['', ...departments];
    return kind === 'department' ? below(departmentId ?? '') : [departmentId ?? ''];
  };
  return {
    departments,
    peopleOf: (group: AnalyticsGroup) =>
      new Map(
        placesOf(group).flatMap((place) =>
          [...(members.get(place) ?? [])].flatMap(([job, counts]): [string, number[]][] =>
            group.kind !== 'job_title' || group.name === job ? [[`${place} ${job}`, counts]] : [],
          ),
        ),
      ),
    async ask(id: string | null, query: string) {
      const { body } = await learning.send('GET', `${pathOf(id)}?${query}`);
      return Answer.parse(body);
    },
    async csv(id: string | null, query: string) {
      const { body } = await learning.request('GET', `${pathOf(id)}/export?${query}`);
      return z
        .array(z.record(z.string(), z.string()))
        .parse(parse(body, { bom: true, columns: true }));
    },
  };
}

function pathOf(id: string | null): string {
  return id === null ? '/v1/analytics/overview' : `/v1/analytics/departments/${id}`;
}
