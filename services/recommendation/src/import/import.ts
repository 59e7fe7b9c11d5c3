import { type Course, NewCourse, NewSkill, type Skill } from '@docent/contracts/learning';
import type { NewEdge } from '@docent/contracts/learningEdges';
import {
  AssessmentRow,
  CourseRow,
  EdgeRow,
  type ImportKind,
  type ImportResult,
  QuestionRow,
  SkillRow,
  TargetRow,
} from '@docent/contracts/learningImport';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import type { Line } from '@docent/http/lines';
import { parseRows } from '@docent/http/rows';
import { courseStore } from '../graph/courses.store.ts';
import { prerequisiteCycle } from '../graph/cycle.ts';
import { confirmedOrder, insertEdge, lockPrerequisites } from '../graph/edges.store.ts';
import { cycleRefusal, ORDERING } from '../graph/edges.ts';
import { skillStore } from '../graph/skills.store.ts';
import { targetStore } from '../graph/targets.store.ts';
import { importAssessment, importQuestion, writeQuestions } from './assessments.ts';
import { findEntries, findQuestionAddresses, findTargets } from './catalogue.store.ts';
import { type Context, differs, type Item, type Made, statusOf } from './context.ts';
import { known } from './known.ts';
import { IMPORT_COLUMNS } from './rows.ts';

export type Imports = ReturnType<typeof makeImports>;

/** Many rows of the learning graph at once; a row that is refused does not hold up the others. */
export function makeImports(database: Database) {
  return {
    /**
     * @param options.dryRun does everything and takes it back: the results are those of the real import.
     * @throws AppError `invalid_request`, `too_large`, `conflict` (somebody changed the same at the same time)
     */
    async run(
      principal: Principal,
      kind: ImportKind,
      text: string,
      { format, dryRun }: { format: 'csv' | 'ndjson'; dryRun: boolean },
    ): Promise<ImportResult> {
      const work = workOf(kind, text, format);
      let items: Item[] = [];
      try {
        await database.withPrincipal(principal, async (tx) => {
          items = await work(tx, principal);
          if (dryRun) throw TAKEN_BACK;
        });
      } catch (error) {
        if (error !== TAKEN_BACK) throw error;
      }
      const count = (status: Item['status']) =>
        items.filter((item) => item.status === status).length;
      return {
        dryRun,
        created: count('created'),
        updated: count('updated'),
        unchanged: count('unchanged'),
        refused: count('refused'),
        items,
      };
    },
  };
}

/** Ends a transaction whose result is known. */
const TAKEN_BACK = new Error('a dry run is taken back');

type Work = (tx: Tx, principal: Principal) => Promise<Item[]>;

function workOf(kind: ImportKind, text: string, format: 'csv' | 'ndjson'): Work {
  switch (kind) {
    case 'skills': {
      const lines = parseRows(text, format, SkillRow, IMPORT_COLUMNS);
      return (tx, principal) => eachRow(tx, principal, lines, importSkill);
    }
    case 'courses': {
      const lines = parseRows(text, format, CourseRow, IMPORT_COLUMNS);
      return (tx, principal) => eachRow(tx, principal, lines, importCourse);
    }
    case 'edges': {
      const lines = parseRows(text, format, EdgeRow, IMPORT_COLUMNS);
      return (tx, principal) =>
        eachRow(tx, principal, lines, async (all, { type, fromKind, from, toKind, to, weight }) => {
          if (type === 'teaches' && (fromKind !== 'course' || toKind !== 'skill')) {
            throw new AppError('invalid_request', 'A course teaches a skill.');
          }
          const ends = {
            from: { kind: fromKind, id: all.known.idOf(fromKind, from) },
            to: { kind: toKind, id: all.known.idOf(toKind, to) },
          };
          return { status: (await addEdge(all, type, ends, weight)) ? 'created' : 'unchanged' };
        });
    }
    case 'assessments': {
      const lines = parseRows(text, format, AssessmentRow, IMPORT_COLUMNS);
      return (tx, principal) => eachRow(tx, principal, lines, importAssessment);
    }
    case 'questions': {
      const lines = parseRows(text, format, QuestionRow, IMPORT_COLUMNS);
      return (tx, principal) => eachRow(tx, principal, lines, importQuestion, writeQuestions);
    }
    case 'targets': {
      const lines = parseRows(text, format, TargetRow, IMPORT_COLUMNS);
      return (tx, principal) => eachRow(tx, principal, lines, importTarget);
    }
  }
}

async function eachRow<T>(
  tx: Tx,
  principal: Principal,
  lines: readonly Line<T>[],
  write: (context: Context, row: T) => Promise<Made>,
  finish: (context: Context) => Promise<void> = async () => undefined,
): Promise<Item[]> {
  const { orgId } = principal;
  await lockPrerequisites(tx, orgId);
  const context: Context = {
    tx,
    principal,
    known: known(await findEntries(tx, orgId)),
    order: await confirmedOrder(tx, orgId),
    targets: new Map((await findTargets(tx, orgId)).map(({ key, ...target }) => [key, target])),
    questions: new Map(),
    questionAddresses: await findQuestionAddresses(tx, orgId),
  };
  const items: Item[] = [];
  for (const { line, value, problem } of lines) {
    if (value === undefined) {
      items.push({ line, status: 'refused', problem });
      continue;
    }
    try {
      items.push({ line, ...(await write(context, value)) });
    } catch (error) {
      // What was thrown before anything was written says what is wrong with the row.
      if (!(error instanceof AppError) || error.cause !== undefined) throw error;
      items.push({ line, status: 'refused', problem: { code: error.code, detail: error.message } });
    }
  }
  await finish(context);
  return items;
}

async function importSkill(
  context: Context,
  { prerequisites = [], ...row }: SkillRow,
): Promise<Made> {
  const { tx, principal } = context;
  const { orgId } = principal;
  const id = context.known.match('skill', row.name, row.externalUri ?? null);
  const before = prerequisites.map((ref) => context.known.idOf('skill', ref));
  const existing = id === null ? null : await skillStore.lock(tx, orgId, id);
  const target = existing?.id ?? newId();
  const edges = before.map((from) => edgeOf('prerequisite', 'skill', from, 'skill', target));
  await refuseCycle(context, edges);
  const values = NewSkill.parse({ ...valuesOf(existing), ...row });
  if (existing === null) await skillStore.insert(tx, principal, target, values);
  else if (differs(existing, values)) await skillStore.update(tx, orgId, target, values);
  context.known.note('skill', target, values.name, values.externalUri);
  const linked = await addEdges(context, edges);
  return { status: statusOf(existing, values, linked), id: target };
}

async function importCourse(
  context: Context,
  { prerequisites = [], skills = [], ...row }: CourseRow,
): Promise<Made> {
  const { tx, principal } = context;
  const { orgId } = principal;
  const id = context.known.match('course', row.title, row.externalUri ?? null);
  const before = prerequisites.map((ref) => context.known.idOf('course', ref));
  const teaches = skills.map((ref) => context.known.idOf('skill', ref));
  const existing = id === null ? null : await courseStore.lock(tx, orgId, id);
  if (existing !== null && row.moveOn !== undefined && row.moveOn !== existing.moveOn) {
    throw new AppError('conflict', 'What completes a course is changed with PATCH, not by import.');
  }
  const target = existing?.id ?? newId();
  const edges = [
    ...before.map((from) => edgeOf('prerequisite', 'course', from, 'course', target)),
    ...teaches.map((to) => edgeOf('teaches', 'course', target, 'skill', to)),
  ];
  await refuseCycle(context, edges);
  const values = NewCourse.parse({ ...valuesOf(existing), ...row });
  if (existing === null) await courseStore.insert(tx, principal, target, values);
  else if (differs(existing, values)) await courseStore.update(tx, orgId, target, values);
  context.known.note('course', target, values.title, values.externalUri);
  const linked = await addEdges(context, edges);
  return { status: statusOf(existing, values, linked), id: target };
}

async function importTarget(
  { tx, principal, known, targets }: Context,
  { jobRole, department, skill, level, importance }: TargetRow,
): Promise<Made> {
  const { orgId } = principal;
  const skillId = known.idOf('skill', skill);
  const departmentId = department === null ? null : known.idOf('department', department);
  const key = `${skillId}/${departmentId ?? ''}/${jobRole?.toLowerCase() ?? ''}`;
  const values = { jobRole, departmentId, skillId, level, importance };
  const existing = targets.get(key);
  const id = existing?.id ?? newId();
  targets.set(key, { id, level, importance });
  if (existing === undefined) {
    await targetStore.insert(tx, principal, id, values);
    return { status: 'created', id };
  }
  if (existing.level === level && existing.importance === importance) {
    return { status: 'unchanged', id };
  }
  await targetStore.update(tx, orgId, id, values);
  return { status: 'updated', id };
}

type EdgeEnds = Pick<NewEdge, 'type'> & {
  from: { kind: 'skill' | 'course'; id: string };
  to: { kind: 'skill' | 'course'; id: string };
};

function edgeOf(
  type: 'prerequisite' | 'teaches',
  fromKind: 'skill' | 'course',
  from: string,
  toKind: 'skill' | 'course',
  to: string,
): EdgeEnds {
  return { type, from: { kind: fromKind, id: from }, to: { kind: toKind, id: to } };
}

async function refuseCycle({ tx, principal, order }: Context, edges: readonly EdgeEnds[]) {
  const added = edges.filter(({ type }) => ORDERING.includes(type)).map(nodesOf);
  const cycle = prerequisiteCycle(order, added);
  if (cycle !== null) throw await cycleRefusal(tx, principal.orgId, cycle);
}

/** @returns how many were not there. */
async function addEdges(context: Context, edges: readonly EdgeEnds[]): Promise<number> {
  let added = 0;
  for (const { type, ...ends } of edges) if (await addEdge(context, type, ends, 1)) added += 1;
  return added;
}

/** False: it is there already. */
async function addEdge(
  context: Context,
  type: NewEdge['type'],
  ends: Omit<EdgeEnds, 'type'>,
  weight: number,
): Promise<boolean> {
  const { tx, principal, order } = context;
  await refuseCycle(context, [{ type, ...ends }]);
  const made = await insertEdge(tx, principal, newId(), { type, ...ends, weight });
  if (made !== null && ORDERING.includes(type)) order.push(nodesOf(ends));
  return made !== null;
}

function nodesOf({ from, to }: Omit<EdgeEnds, 'type'>) {
  return { from: `${from.kind}:${from.id}`, to: `${to.kind}:${to.id}` };
}

/** What can be said about a skill or course that is there; nothing about one that is not. */
function valuesOf(item: Skill | Course | null): object {
  if (item === null) return {};
  const { id, prerequisites, createdAt, updatedAt, ...values } = item;
  if (!('skills' in values)) return values;
  const { skills, ...course } = values;
  return course;
}
