import type { Message } from '@docent/contracts/chat';
import type { Database } from '@docent/database/database';
import { findKeepers } from './contacts.store.ts';
import { type AnswerTask, type Draft, type Emit, sourceOf } from './draft.ts';
import type { Retrieved } from './retrieve.ts';

/** The nearest material an abstention shows. */
const NEAREST = 3;

/** Says that the material has no answer, shows what is nearest, and who looks after it. */
export async function abstain(
  { database }: { readonly database: Database },
  { principal }: AnswerTask,
  draft: Draft,
  found: Retrieved,
  emit: Emit,
): Promise<void> {
  const { abstain: nothing, abstainWithNearest, askPerson } = draft.wording;
  draft.nearest = found.passages.slice(0, NEAREST).map(sourceOf);
  const contentIds = draft.nearest.map(({ contentId }) => contentId);
  const keepers =
    contentIds.length === 0
      ? []
      : await database.withPrincipal(principal, (tx) => findKeepers(tx, principal, contentIds), {
          readOnly: true,
        });
  const [nearest] = keepers;
  const whom = nearest ? ` ${askPerson(nearest.name, nearest.department, nearest.title)}` : '';
  const text = draft.nearest.length > 0 ? `${abstainWithNearest}${whom}` : nothing;
  return say(draft, text, 'abstain', emit);
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
