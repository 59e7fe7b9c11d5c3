import type { UserSkill } from '@docent/contracts/recommend';
import { Badge, Meter } from '../ui/meter.tsx';
import { counted } from '../ui/words.ts';

/** Answers from which on a level is estimated; the API says `not_enough` below. */
const ENOUGH = 5;

/** What the levels that people declare mean, from 1 to 5. */
export const levelMeanings: readonly string[] = [
  'I know of it',
  'I can do it with help',
  'I do it on my own',
  'I help others with it',
  'I teach it',
];

type Known = Pick<UserSkill, 'evidence' | 'answers' | 'level' | 'name'>;

/** What a level rests on, in words. */
export function evidenceOf({ evidence, answers }: Known): string {
  switch (evidence) {
    case 'answers':
      return `From ${counted(answers, 'answer')}`;
    case 'confirmed':
      return 'Confirmed by who manages you';
    case 'completed':
      return 'Reported as completed';
    case 'declared':
      return 'Declared by you';
    case 'not_enough':
      return `${counted(answers, 'answer')} so far; a level needs ${ENOUGH}`;
    case 'none':
      return 'Nothing is known yet';
  }
}

/** A level as a bar, or that there is none and why. */
export function Level({ of }: { readonly of: Known }) {
  const { level, name, evidence } = of;
  if (level === null) {
    return evidence === 'not_enough' ? (
      <Badge tone="warning">Not enough evidence</Badge>
    ) : (
      <Badge>Not known yet</Badge>
    );
  }
  return (
    <Meter value={(level - 1) / 4} label={`Level in ${name}`} text={`${level.toFixed(1)} of 5`} />
  );
}

/** Whether what is asked for has been reached. */
export function Target({ of }: { readonly of: Pick<UserSkill, 'targetLevel' | 'gap' | 'level'> }) {
  const { targetLevel, gap, level } = of;
  if (targetLevel === null) return <span class="muted">Nothing asked</span>;
  return (
    <span class="row target">
      Level {targetLevel}
      {gap === 0 ? (
        <Badge tone="good">Reached</Badge>
      ) : (
        level !== null && gap !== null && <Badge tone="accent">{`${gap.toFixed(1)} to go`}</Badge>
      )}
    </span>
  );
}
