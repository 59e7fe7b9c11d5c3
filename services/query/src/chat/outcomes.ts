import type { Message } from '@docent/contracts/chat';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { findKeepers } from './contacts.store.ts';
import { type AnswerTask, type Draft, type Emit, sourceOf } from './draft.ts';
import type { Retrieved } from './retrieve.ts';

/** The nearest material an abstention shows. */
const NEAREST = 3;

interface Deps {
  readonly database: Database;
}

/** Says that the material has no answer, shows what is nearest, and who looks after it. */
export async function abstain(
  deps: Deps,
  { principal }: AnswerTask,
  draft: Draft,
  found: Retrieved,
  emit: Emit,
): Promise<void> {
  const { abstain: nothing, abstainWithNearest } = draft.wording;
  const whom = await offerNearest(deps, principal, draft, found);
  const text = [draft.nearest.length > 0 ? abstainWithNearest : nothing, ...whom].join(' ');
  return say(draft, text, 'abstain', emit);
}

/** What every abstention has, for one that the chat model wrote in words of its own. */
export async function endAbstention(
  deps: Deps,
  { principal }: AnswerTask,
  draft: Draft,
  found: Retrieved,
  emit: Emit,
): Promise<void> {
  const [whom] = await offerNearest(deps, principal, draft, found);
  await emit({ type: 'sources', sources: [] });
  if (whom === undefined) return;
  const text = `${/\s$/.test(draft.text) ? '' : '\n\n'}${whom}`;
  draft.text += text;
  await emit({ type: 'delta', text });
}

/** Puts the nearest material into the draft. @returns a sentence that says whom to ask, when somebody looks after it. */
async function offerNearest(
  { database }: Deps,
  principal: Principal,
  draft: Draft,
  { passages }: Retrieved,
): Promise<readonly string[]> {
  draft.nearest = passages.slice(0, NEAREST).map(sourceOf);
  const contentIds = draft.nearest.map(({ contentId }) => contentId);
  if (contentIds.length === 0) return [];
  const keepers = await database.withPrincipal(
    principal,
    (tx) => findKeepers(tx, principal, contentIds),
    { readOnly: true },
  );
  return keepers
    .slice(0, 1)
    .map(({ name, department, title }) => draft.wording.askPerson(name, department, title));
}

/** Names the documents of which one is meant, as a list that a reader can answer with a number. */
export async function askBack(draft: Draft, { options }: Retrieved, emit: Emit): Promise<void> {
  draft.nearest = options.map(({ passage }, index) => sourceOf(passage, index));
  const list = options.map(({ title }, index) => `${index + 1}. ${title}`).join('\n');
  return say(draft, `${draft.wording.clarify}\n\n${list}`, 'clarify', emit);
}

/** An answer that was given before, with its sources, word for word. */
export async function repeat(draft: Draft, earlier: Message, emit: Emit): Promise<boolean> {
  draft.degraded = 'earlier_answer';
  draft.earlier = earlier;
  draft.model = earlier.model ?? draft.model;
  draft.usage = null;
  await emit({ type: 'status', step: 'writing', text: draft.wording.earlierAnswer });
  await emit({ type: 'sources', sources: earlier.sources });
  draft.text = earlier.text;
  draft.outcome = 'answer';
  await emit({ type: 'delta', text: earlier.text });
  return true;
}

/** Something that Docent says by itself: without sources. */
export async function say(
  draft: Draft,
  text: string,
  outcome: NonNullable<Draft['outcome']>,
  emit: Emit,
): Promise<void> {
  draft.outcome = outcome;
  // Readers show these two differently from their first word on.
  const ahead = outcome === 'answer' ? {} : { outcome, nearest: draft.nearest };
  await emit({ type: 'sources', sources: [], ...ahead });
  draft.text = text;
  await emit({ type: 'delta', text });
}
