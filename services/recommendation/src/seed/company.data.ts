export interface SampleDepartment {
  readonly name: string;
  /** Name of the department above it. */
  readonly parent?: string;
  readonly people: number;
  /** Mean of the people's general ability, in logits. */
  readonly ability: number;
  readonly roles: readonly SampleRole[];
}

export interface SampleRole {
  readonly title: string;
  /** Skills with the level that the job needs, the most important first. */
  readonly needs: readonly (readonly [string, number])[];
  /** Courses in the order in which people of the job tend to take them. */
  readonly track: readonly string[];
}

export const sampleDepartments: readonly SampleDepartment[] = [
  {
    name: 'Operations',
    people: 40,
    ability: -0.1,
    roles: [
      {
        title: 'Project Manager',
        needs: [
          ['Project Management', 4],
          ['Risk Management', 3],
          ['Agile Methodology', 3],
          ['Stakeholder Management', 3],
          ['Communication', 3],
        ],
        track: [
          'Project Management Fundamentals',
          'Agile Project Management',
          'Clear Communication',
          'Meetings with a Result',
          'Feedback that Helps',
          'Presenting with a Message',
          'First-time Leaders',
        ],
      },
      {
        title: 'Finance Analyst',
        needs: [
          ['Budgeting', 4],
          ['SQL', 2],
          ['Data Analysis', 3],
          ['Communication', 2],
        ],
        track: [
          'SQL from the Start',
          'Statistics for Work',
          'Python Fundamentals',
          'Data Analysis with Python',
          'SQL Window Functions',
          'Clear Communication',
        ],
      },
      {
        title: 'HR Specialist',
        needs: [
          ['Communication', 4],
          ['Hiring', 3],
          ['Data Protection', 4],
          ['Giving Feedback', 3],
        ],
        track: [
          'Clear Communication',
          'Fair Hiring',
          'Feedback that Helps',
          'Meetings with a Result',
          'Workplace Safety',
        ],
      },
    ],
  },
  {
    name: 'Engineering',
    parent: 'Operations',
    people: 90,
    ability: 0.4,
    roles: [
      {
        title: 'Frontend Developer',
        needs: [
          ['JavaScript', 4],
          ['React Development', 4],
          ['HTML and CSS', 4],
          ['TypeScript', 3],
          ['Accessibility', 3],
          ['Automated Testing', 3],
        ],
        track: [
          'Git for Teams',
          'Pages with HTML and CSS',
          'JavaScript from the Start',
          'Advanced JavaScript',
          'React Development',
          'TypeScript in Practice',
          'Testing that Pays',
        ],
      },
      {
        title: 'Backend Developer',
        needs: [
          ['Node.js', 4],
          ['Database Design', 3],
          ['SQL', 4],
          ['API Design', 4],
          ['Secure Coding', 3],
          ['Automated Testing', 3],
        ],
        track: [
          'Git for Teams',
          'JavaScript from the Start',
          'SQL from the Start',
          'Advanced JavaScript',
          'Services with Node.js',
          'Database Design',
          'Testing that Pays',
          'Secure Coding',
        ],
      },
      {
        title: 'Platform Engineer',
        needs: [
          ['Linux', 4],
          ['Containers', 4],
          ['Container Orchestration', 4],
          ['Observability', 4],
          ['Networking', 3],
          ['Continuous Delivery', 4],
        ],
        track: [
          'Git for Teams',
          'Linux at Work',
          'Containers in a Day',
          'Seeing What Runs',
          'Testing that Pays',
          'Running Containers at Scale',
          'Secure Coding',
        ],
      },
      {
        title: 'Engineering Lead',
        needs: [
          ['Leadership', 4],
          ['Coaching', 3],
          ['Agile Methodology', 3],
          ['API Design', 3],
          ['Hiring', 3],
        ],
        track: [
          'Agile Project Management',
          'Clear Communication',
          'Feedback that Helps',
          'First-time Leaders',
          'Fair Hiring',
          'Secure Coding',
        ],
      },
    ],
  },
  {
    name: 'Data',
    parent: 'Operations',
    people: 45,
    ability: 0.5,
    roles: [
      {
        title: 'Data Analyst',
        needs: [
          ['SQL', 4],
          ['Data Analysis', 4],
          ['Data Visualization', 4],
          ['Statistics', 3],
          ['Communication', 3],
        ],
        track: [
          'SQL from the Start',
          'Statistics for Work',
          'Python Fundamentals',
          'Data Analysis with Python',
          'SQL Window Functions',
          'Experiments that Convince',
          'Presenting with a Message',
        ],
      },
      {
        title: 'Data Scientist',
        needs: [
          ['Python Programming', 4],
          ['Machine Learning', 4],
          ['Statistics', 4],
          ['Model Evaluation', 4],
          ['Deep Learning', 3],
        ],
        track: [
          'Python Fundamentals',
          'Statistics for Work',
          'Machine Learning Basics',
          'Data Analysis with Python',
          'Experiments that Convince',
          'Deep Learning',
        ],
      },
      {
        title: 'Data Engineer',
        needs: [
          ['Python Programming', 4],
          ['SQL', 4],
          ['Data Pipelines', 4],
          ['Data Modeling', 4],
          ['Linux', 3],
        ],
        track: [
          'Python Fundamentals',
          'SQL from the Start',
          'Database Design',
          'Data Pipelines',
          'Linux at Work',
          'Containers in a Day',
        ],
      },
    ],
  },
  {
    name: 'Product',
    parent: 'Operations',
    people: 35,
    ability: 0.2,
    roles: [
      {
        title: 'Product Manager',
        needs: [
          ['Product Discovery', 4],
          ['Roadmapping', 4],
          ['Stakeholder Management', 4],
          ['Product Analytics', 3],
          ['Agile Methodology', 3],
        ],
        track: [
          'Talking to Users',
          'Agile Project Management',
          'Product Roadmaps',
          'Experiments that Convince',
          'Presenting with a Message',
          'Clear Communication',
        ],
      },
      {
        title: 'Product Designer',
        needs: [
          ['User Research', 4],
          ['Interaction Design', 4],
          ['Accessibility', 4],
          ['HTML and CSS', 2],
        ],
        track: [
          'Talking to Users',
          'Designing Interactions',
          'Pages with HTML and CSS',
          'Presenting with a Message',
          'Feedback that Helps',
        ],
      },
      {
        title: 'Scrum Master',
        needs: [
          ['Agile Methodology', 5],
          ['Facilitation', 4],
          ['Coaching', 3],
          ['Conflict Resolution', 3],
        ],
        track: [
          'Agile Project Management',
          'Meetings with a Result',
          'Clear Communication',
          'Feedback that Helps',
          'First-time Leaders',
        ],
      },
    ],
  },
  {
    name: 'Sales',
    people: 50,
    ability: -0.2,
    roles: [
      {
        title: 'Account Executive',
        needs: [
          ['Solution Selling', 4],
          ['Negotiation', 4],
          ['Presentation', 3],
          ['Communication', 4],
          ['Account Planning', 3],
        ],
        track: [
          'Clear Communication',
          'Selling Solutions',
          'Presenting with a Message',
          'Meetings with a Result',
        ],
      },
      {
        title: 'Sales Manager',
        needs: [
          ['Leadership', 4],
          ['Account Planning', 4],
          ['Negotiation', 4],
          ['Coaching', 3],
        ],
        track: [
          'Selling Solutions',
          'Clear Communication',
          'Feedback that Helps',
          'First-time Leaders',
          'Fair Hiring',
        ],
      },
    ],
  },
  {
    name: 'Customer Support',
    people: 40,
    ability: -0.3,
    roles: [
      {
        title: 'Support Agent',
        needs: [
          ['Customer Service', 4],
          ['Ticket Handling', 4],
          ['Writing', 3],
          ['Communication', 3],
        ],
        track: [
          'Helping Customers',
          'Clear Communication',
          'Workplace Safety',
          'SQL from the Start',
          'Meetings with a Result',
        ],
      },
      {
        title: 'Support Lead',
        needs: [
          ['Customer Service', 4],
          ['Leadership', 3],
          ['Giving Feedback', 3],
          ['Data Analysis', 2],
        ],
        track: [
          'Helping Customers',
          'Feedback that Helps',
          'Clear Communication',
          'First-time Leaders',
          'Meetings with a Result',
        ],
      },
    ],
  },
];

export const firstNames =
  'Ada Ben Clara David Elena Felix Greta Hugo Ines Jonas Kata Leo Mara Nils Olga Paul Rosa Samir Tara Uwe Vera Will Yara Zoe Anton Bea Carl Dora Emil Fatima Gabor Hana Igor Julia Karim Lena Milan Nora Oskar Petra'.split(
    ' ',
  );
export const lastNames =
  'Adler Bauer Castro Dvorak Ekström Fischer Garcia Horvath Ivanov Jensen Kovacs Lang Meyer Novak Olsen Papp Quist Rossi Silva Toth Urban Varga Weber Xanthos Young Zeller Abel Blom Costa Dunn'.split(
    ' ',
  );
