import { v5 } from 'uuid';
import { type SampleQuestion, sampleAssessments } from './assessments.data.ts';
import { sampleDepartments } from './company.data.ts';
import { sampleCourses } from './courses.data.ts';
import { sampleSkills } from './skills.data.ts';

const NAMESPACE = '7c3b1a52-8f0e-5d7a-9c11-3e5d2b6f4a10';

/** The id of a thing of the sample, the same each time it is made for this organization. */
export function sampleId(orgId: string, kind: string, name: string): string {
  return v5(`${orgId}/${kind}/${name}`, NAMESPACE);
}

export type Catalogue = ReturnType<typeof sampleCatalogue>;

/** The learning graph of the sample company as rows, with the columns' names. */
export function sampleCatalogue(orgId: string) {
  const id = (kind: string, name: string) => sampleId(orgId, kind, name);
  const prerequisite = (kind: 'skill' | 'course', before: string, after: string) => ({
    id: id('edge', `${kind}/${before}/${after}`),
    type: 'prerequisite',
    from_kind: kind,
    from_id: id(kind, before),
    to_kind: kind,
    to_id: id(kind, after),
    weight: 1,
  });
  return {
    skills: sampleSkills.map(([name, category, level, description]) => ({
      id: id('skill', name),
      name,
      category,
      level,
      description,
    })),
    courses: sampleCourses.map(([title, minutes, difficulty, description, objectives]) => ({
      id: id('course', title),
      title,
      description,
      duration_minutes: minutes,
      difficulty,
      objectives,
    })),
    assessments: sampleAssessments.map((assessment) => ({
      id: id('assessment', assessment.title),
      title: assessment.title,
      description: assessment.description,
      course_id: id('course', assessment.course),
      difficulty: assessment.difficulty,
      time_limit_minutes: assessment.minutes,
      passing_score: assessment.passingScore,
    })),
    questions: sampleAssessments.flatMap(({ title, questions }) =>
      questions.map((question, position) => ({
        ...questionRow(question, position),
        id: id('question', `${title}/${position}`),
        assessment_id: id('assessment', title),
        skill_id: id('skill', question[2]),
      })),
    ),
    edges: [
      ...sampleSkills.flatMap(([name, , , , before = []]) =>
        before.map((other) => prerequisite('skill', other, name)),
      ),
      ...sampleCourses.flatMap(([title, , , , , , before = []]) =>
        before.map((other) => prerequisite('course', other, title)),
      ),
      ...sampleCourses.flatMap(([title, , , , , teaches]) =>
        teaches.map((skill, place) => ({
          id: id('edge', `teaches/${title}/${skill}`),
          type: 'teaches',
          from_kind: 'course',
          from_id: id('course', title),
          to_kind: 'skill',
          to_id: id('skill', skill),
          weight: place === 0 ? 1 : 0.6,
        })),
      ),
    ],
    targets: sampleDepartments.flatMap(({ roles }) =>
      roles.flatMap(({ title, needs }) =>
        needs.map(([skill, level], place) => ({
          id: id('target', `${title}/${skill}`),
          job_role: title,
          skill_id: id('skill', skill),
          level,
          importance: Math.max(0.4, 1 - place * 0.15),
        })),
      ),
    ),
  };
}

/** The right option does not always stand first. */
function questionRow([prompt, difficulty, , right, ...wrong]: SampleQuestion, position: number) {
  // With nothing wrong to choose from, people write the answer.
  if (wrong.length === 0 && right.startsWith('=')) {
    const text = right.slice(1);
    const value = Number(text);
    const number = Number.isFinite(value);
    return {
      position,
      type: number ? 'numeric' : 'text',
      prompt,
      difficulty,
      options: [],
      answer: number ? { value, tolerance: 0.001 } : { accepted: [text] },
    };
  }
  const texts = [...wrong];
  const place = (position * 2 + 1) % (wrong.length + 1);
  texts.splice(place, 0, right);
  const options = texts.map((text, index) => ({ id: 'abcdef'.charAt(index), text }));
  return {
    position,
    type: 'single',
    prompt,
    difficulty,
    options,
    answer: { options: ['abcdef'.charAt(place)] },
  };
}
