import type { Tab } from '../ui/page.tsx';

/** The parts of the section, on each of its first pages. */
export const sectionTabs: readonly Tab[] = [
  { href: '/app/content', label: 'Content' },
  { href: '/app/content/upload', label: 'Upload' },
  { href: '/app/content/questions', label: 'Unanswered questions' },
  { href: '/app/content/graph', label: 'Skills and courses', under: true },
  { href: '/app/content/evaluations', label: 'Evaluations', under: true },
];

/** The parts of skills and courses, below those of the section. */
export const graphTabs: readonly Tab[] = [
  { href: '/app/content/graph', label: 'Skills' },
  { href: '/app/content/graph/courses', label: 'Courses' },
  { href: '/app/content/graph/assessments', label: 'Assessments' },
  { href: '/app/content/graph/import', label: 'Import' },
];
