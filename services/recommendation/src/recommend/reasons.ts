import type { ReasonType } from '@docent/contracts/recommend';

/** Fewer people than this are never counted in front of anybody. */
export const FEWEST_PEOPLE = 5;

/** Why an item is recommended, with what the sentence needs. */
export type Reason =
  | {
      readonly type: 'next_step' | 'together' | 'similar';
      readonly from: { readonly id: string; readonly title: string };
      /** People who took both; null: it is not from people. */
      readonly people: number | null;
    }
  | {
      readonly type: 'skill_gap';
      readonly skill: { readonly id: string; readonly title: string };
      /** 1 to 5; null: nothing is known. */
      readonly level: number | null;
      readonly required: number;
    }
  | {
      readonly type: 'prerequisite';
      readonly before: { readonly id: string; readonly title: string };
      /** Of what it is needed for, 0 to 1. */
      readonly readiness: number;
    }
  | {
      readonly type: 'part_of';
      readonly course: { readonly id: string; readonly title: string };
    }
  | { readonly type: 'goal'; readonly goal: string }
  | {
      readonly type: 'popular';
      readonly where: 'department' | 'organization';
      readonly people: number | null;
    }
  | {
      readonly type: 'refresher';
      readonly skill: { readonly id: string; readonly title: string };
      /** 1 to 5: what was reached. */
      readonly level: number;
      readonly days: number;
      readonly retention: number;
    }
  | { readonly type: 'asked_for'; readonly required: number }
  | { readonly type: 'new'; readonly added: Date }
  | { readonly type: 'explore' };

type Evidence = Record<string, string | number | null>;

/** What the reason is about where that is not the item itself: a course that it is material of, or that teaches it. */
export interface Through {
  readonly how: 'material' | 'taught';
  readonly course: { readonly id: string; readonly title: string };
}

/** The sentence for the learner and the facts behind it. Numbers of fewer than five people are in neither. */
export function explain(
  reason: Reason,
  through: Through | null = null,
): {
  reasonType: ReasonType;
  reason: string;
  evidence: Evidence;
} {
  const { sentence, evidence } = wordingOf(reason);
  if (through === null) return { reasonType: reason.type, reason: sentence, evidence };
  const { how, course } = through;
  const link = how === 'material' ? 'Material of' : 'Taught in';
  return {
    reasonType: reason.type,
    reason: `${link} “${course.title}”. ${sentence}`,
    evidence: { courseId: course.id, course: course.title, ...evidence },
  };
}

function wordingOf(reason: Reason): { sentence: string; evidence: Evidence } {
  switch (reason.type) {
    case 'next_step': {
      const { from } = reason;
      const people = shown(reason.people);
      const evidence = { fromId: from.id, from: from.title, ...counted(people) };
      const sentence =
        people === null
          ? `Often taken next after “${from.title}”.`
          : `${people} people who took “${from.title}” took this after it.`;
      return { sentence, evidence };
    }
    case 'together': {
      const { from } = reason;
      const people = shown(reason.people);
      const evidence = { fromId: from.id, from: from.title, ...counted(people) };
      const sentence =
        people === null
          ? `Often taken together with “${from.title}”.`
          : `Taken together with “${from.title}” by ${people} people.`;
      return { sentence, evidence };
    }
    case 'similar': {
      const { from } = reason;
      return {
        sentence: `Near in topic to “${from.title}”.`,
        evidence: { fromId: from.id, from: from.title },
      };
    }
    case 'part_of': {
      const { course } = reason;
      return {
        sentence: `Belongs to “${course.title}”, which you are taking.`,
        evidence: { courseId: course.id, course: course.title },
      };
    }
    case 'skill_gap': {
      const { skill, level, required } = reason;
      const now =
        level === null
          ? 'nothing is known of your level yet'
          : `you are at level ${level.toFixed(1)}`;
      return {
        sentence: `Closes your gap in “${skill.title}”: ${now}, level ${required} is asked for.`,
        evidence: {
          skillId: skill.id,
          skill: skill.title,
          level: level === null ? null : Number(level.toFixed(2)),
          required,
        },
      };
    }
    case 'prerequisite': {
      const { before, readiness } = reason;
      return {
        sentence: `Comes before “${before.title}”, for which something is missing yet.`,
        evidence: {
          beforeId: before.id,
          before: before.title,
          readiness: Number(readiness.toFixed(2)),
        },
      };
    }
    case 'goal':
      return { sentence: `Fits your goal “${reason.goal}”.`, evidence: { goal: reason.goal } };
    case 'popular': {
      const people = shown(reason.people);
      const where = `in your ${reason.where}`;
      return {
        sentence:
          people === null ? `Popular ${where}.` : `Popular ${where}: ${people} people began it.`,
        evidence: { where: reason.where, ...counted(people) },
      };
    }
    case 'refresher': {
      const { skill, level, days, retention } = reason;
      return {
        sentence: `You knew “${skill.title}” well (level ${level.toFixed(1)}), last practised ${days} days ago; a refresher keeps it.`,
        evidence: {
          skillId: skill.id,
          skill: skill.title,
          level: Number(level.toFixed(2)),
          days,
          retention: Number(retention.toFixed(2)),
        },
      };
    }
    case 'asked_for':
      return {
        sentence: `Your department asks for level ${reason.required}.`,
        evidence: { required: reason.required },
      };
    case 'new': {
      const added = reason.added.toISOString().slice(0, 10);
      return {
        sentence: `Among the newest of your organization’s material, added on ${added}.`,
        evidence: { added },
      };
    }
    case 'explore':
      return { sentence: 'New for you to try.', evidence: {} };
  }
}

function shown(people: number | null): number | null {
  return people !== null && people >= FEWEST_PEOPLE ? people : null;
}

function counted(people: number | null): Evidence {
  return people === null ? {} : { people };
}
