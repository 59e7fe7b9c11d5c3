/** A text of the sample company: title, text, type, source, level, tags, title of the course that it belongs to. */
export type SampleContent = readonly [
  string,
  string,
  'tutorial' | 'reference',
  string,
  string,
  readonly string[],
  string,
];

export const sampleContent: readonly SampleContent[] = [
  [
    'Python Variables',
    'Variables in Python are containers for storing data values. Unlike other programming languages, Python has no command for declaring a variable. A variable is created the moment you first assign a value to it.',
    'tutorial',
    'content-studio',
    'beginner',
    ['python', 'basics', 'variables'],
    'Python Fundamentals',
  ],
  [
    'Machine Learning Overview',
    'Machine learning is a subset of artificial intelligence that focuses on algorithms that can learn from data. It includes supervised learning, unsupervised learning, and reinforcement learning approaches.',
    'tutorial',
    'content-studio',
    'intermediate',
    ['ml', 'ai', 'algorithms'],
    'Machine Learning Basics',
  ],
  [
    'Data Visualization Best Practices',
    'Effective data visualization helps communicate insights clearly. Key principles include choosing appropriate chart types, using consistent colors, and ensuring accessibility.',
    'reference',
    'content-studio',
    'intermediate',
    ['visualization', 'data', 'design'],
    'Data Analysis with Python',
  ],
  [
    'Project Planning Techniques',
    'Successful project planning involves several key steps: defining objectives, identifying tasks, estimating resources, creating timelines, and managing risks.',
    'tutorial',
    'course-builder',
    'beginner',
    ['project', 'planning', 'management'],
    'Project Management Fundamentals',
  ],
  [
    'JavaScript ES6 Features',
    'ES6 introduced many new features to JavaScript including arrow functions, template literals, destructuring, and classes. These features make JavaScript more powerful and easier to use.',
    'tutorial',
    'content-studio',
    'intermediate',
    ['javascript', 'es6', 'modern'],
    'Advanced JavaScript',
  ],
  [
    'React Component Lifecycle',
    'React components have a lifecycle that includes mounting, updating, and unmounting phases. Understanding these phases helps optimize component performance and manage side effects.',
    'tutorial',
    'content-studio',
    'intermediate',
    ['react', 'components', 'lifecycle'],
    'React Development',
  ],
  [
    'Database Normalization',
    'Database normalization is the process of organizing data to reduce redundancy and improve data integrity. The main normal forms are 1NF, 2NF, and 3NF.',
    'reference',
    'content-studio',
    'intermediate',
    ['database', 'normalization', 'design'],
    'Database Design',
  ],
  [
    'Scrum Framework',
    'Scrum is an agile framework for managing complex projects. It includes roles (Product Owner, Scrum Master, Development Team), events (Sprint, Daily Scrum), and artifacts (Product Backlog, Sprint Backlog).',
    'tutorial',
    'course-builder',
    'beginner',
    ['scrum', 'agile', 'framework'],
    'Agile Project Management',
  ],
];

/** Questions that people ask the assistant. The first group the material answers, the second it does not. */
export const answeredQuestions = [
  'What are the roles in Scrum?',
  'How do I create a variable in Python?',
  'Which normal forms are there?',
  'What did ES6 add to JavaScript?',
];
export const unansweredQuestions: readonly (readonly string[])[] = [
  [
    'How many weeks of parental leave do I get?',
    'How long is parental leave?',
    'What is our parental leave?',
  ],
  [
    'How do I claim travel expenses?',
    'Where do I hand in travel expenses?',
    'How are travel expenses claimed?',
  ],
  ['How do I roll back a failed deployment?', 'How can a failed deployment be rolled back?'],
  ['Which discount may I give a customer?', 'What discount can I offer to a customer?'],
];
