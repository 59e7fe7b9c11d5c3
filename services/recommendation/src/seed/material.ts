import { sampleId } from './catalogue.ts';
import { sampleContent } from './content.data.ts';
import { sampleCourses } from './courses.data.ts';
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
    ([title, minutes, difficulty, description, objectives, skills]): SampleMaterial => ({
      title,
      text: [
        `${description}. The course takes ${minutes} minutes; its difficulty is ${difficulty} of 5.`,
        '## What you learn',
        objectives.map((objective) => `- ${objective}`).join('\n'),
        '## Skills',
        skills.map((skill) => `- ${skill}`).join('\n'),
      ].join('\n\n'),
      contentType: 'course',
      sourceService: 'sample',
      externalId: `course:${title}`,
      tags: ['course'],
      metadata: { course_id: sampleId(orgId, 'course', title) },
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
