import type { Recommendation } from '@docent/contracts/recommend';
import type { ComponentChildren } from 'preact';
import { counted, percent } from '../ui/words.ts';
import { pageOf } from './addresses.ts';

type Reasoned = Pick<Recommendation, 'evidence' | 'reasonType' | 'type'> & {
  /** How it was weighed against others, 0 to 1. */
  readonly score: number;
};

const meanings: Record<Recommendation['reasonType'], string> = {
  next_step: 'What colleagues went on with after something that you took.',
  together: 'What the same colleagues took who took something of yours.',
  similar: 'Its description is near to that of something that you took.',
  part_of: 'It is material of a course that you are taking.',
  skill_gap: 'Your level is below the one that your job or department asks for.',
  prerequisite: 'It prepares for something that is out of reach yet.',
  goal: 'Its description is near to your goal or job title.',
  popular: 'Many people began it.',
  refresher: 'You knew it well, and did not practise it for long.',
  asked_for: 'Your department asks for it.',
  new: 'It is among the newest material; nothing else speaks for it yet.',
  explore: 'It is on trial: few have seen it yet.',
};

/** What a reason rests on, in words. */
export function Evidence({ of }: { readonly of: Reasoned }) {
  const facts = factsOf(of);
  return (
    <details class="evidence">
      <summary>What this rests on</summary>
      <p>{meanings[of.reasonType]}</p>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function factsOf({ evidence, type, score }: Reasoned): [string, ComponentChildren][] {
  const text = (key: string) => (typeof evidence[key] === 'string' ? evidence[key] : null);
  const number = (key: string) => (typeof evidence[key] === 'number' ? evidence[key] : null);
  const linked = (kind: 'course' | 'skill', id: string | null, title: string) =>
    id === null ? title : <a href={pageOf(kind, id)}>{title}</a>;
  const facts: [string, ComponentChildren][] = [];
  const [from, skill, before, goal, where] = ['from', 'skill', 'before', 'goal', 'where'].map(text);
  if (from) {
    const course = type === 'course' ? text('fromId') : null;
    facts.push(['Follows from', linked('course', course, from)]);
  }
  if (before) facts.push(['Comes before', before]);
  if (skill) facts.push(['Skill', linked('skill', text('skillId'), skill)]);
  const course = text('course');
  if (course) facts.push(['Course', linked('course', text('courseId'), course)]);
  if (goal) facts.push(['Goal', goal]);
  if (where) facts.push(['Counted in', where === 'department' ? 'your department' : 'the company']);
  const people = number('people');
  if (people !== null) facts.push(['Rests on', counted(people, 'person', 'people')]);
  const required = number('required');
  const level = number('level');
  if (level !== null) facts.push(['Your level', level.toFixed(1)]);
  else if (required !== null && 'level' in evidence) facts.push(['Your level', 'not known yet']);
  if (required !== null) facts.push(['Level asked for', required]);
  const added = text('added');
  if (added) facts.push(['Added', added]);
  const readiness = number('readiness');
  if (readiness !== null) facts.push(['What you have of what it needs', percent(readiness)]);
  const days = number('days');
  if (days !== null) facts.push(['Last practised', `${counted(days, 'day')} ago`]);
  const retention = number('retention');
  if (retention !== null) facts.push(['Likely still remembered', percent(retention)]);
  facts.push(['Weight against others', percent(score)]);
  return facts;
}
