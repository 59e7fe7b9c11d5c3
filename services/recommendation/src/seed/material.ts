import { sampleId } from './catalogue.ts';
import { sampleContent } from './content.data.ts';
import { type SampleCourse, sampleCourses } from './courses.data.ts';
import { sampleHandbook } from './handbook.data.ts';

/** A text of the sample company, as ingestion takes it. */
export interface SampleMaterial {
  readonly title: string;
  readonly text: string;
  readonly contentType: 'course' | 'tutorial' | 'reference';
  readonly sourceService: string;
  readonly externalId: string;
  readonly tags: string[];
  readonly metadata: Record<string, string>;
}

/** A page for each course, the texts that belong to some, and the handbook. */
export function sampleMaterial(orgId: string): SampleMaterial[] {
  const pages = sampleCourses.map(
    (course): SampleMaterial => ({
      title: course[0],
      text: pageOf(course),
      contentType: 'course',
      sourceService: 'sample',
      externalId: `course:${course[0]}`,
      tags: ['course'],
      metadata: { course_id: sampleId(orgId, 'course', course[0]) },
    }),
  );
  const texts = sampleContent.map(
    ([title, text, contentType, sourceService, difficulty, tags, course]): SampleMaterial => ({
      title,
      text,
      contentType,
      sourceService,
      externalId: `sample:${title}`,
      tags: [...tags],
      metadata: { difficulty, course_id: sampleId(orgId, 'course', course) },
    }),
  );
  const handbook = sampleHandbook.map(
    ([title, text, course]): SampleMaterial => ({
      title,
      text,
      contentType: 'reference',
      sourceService: 'sample',
      externalId: `handbook:${title}`,
      tags: ['handbook'],
      metadata: course === null ? {} : { course_id: sampleId(orgId, 'course', course) },
    }),
  );
  return [...handbook, ...pages, ...texts];
}

/** In sentences, because answers quote them; naming the course in each would make each fit a question with its words. */
function pageOf([
  title,
  minutes,
  difficulty,
  description,
  objectives,
  skills,
  before = [],
]: SampleCourse): string {
  const facts = [
    `The course ${title} takes ${length(minutes)} and is ${difficulties[difficulty - 1]} (difficulty ${difficulty} of 5).`,
    ...(before.length === 0 ? [] : [`Before ${title}, take ${listed(before)}.`]),
  ];
  return [
    `${description}.`,
    facts.join(' '),
    `In this course you learn about ${listed(objectives.map(lowerFirst))}. It teaches the skill${skills.length > 1 ? 's' : ''} ${listed(skills)}.`,
  ].join('\n\n');
}

const difficulties = ['for beginners', 'easy', 'of medium difficulty', 'hard', 'very hard'];

function length(minutes: number): string {
  if (minutes < 60) return `${minutes} minutes`;
  const hours = minutes / 60;
  return `${hours} ${hours === 1 ? 'hour' : 'hours'} (${minutes} minutes)`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Abbreviations and names with more capitals stay as they are. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
