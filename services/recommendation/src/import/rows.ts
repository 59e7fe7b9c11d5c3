/** Rows of one import. */
export const IMPORT_ROWS = 2_000;

/** How the cells of CSV are read. */
export const IMPORT_COLUMNS = {
  most: IMPORT_ROWS,
  numbers: [
    'level',
    'difficulty',
    'durationMinutes',
    'weight',
    'importance',
    'timeLimitMinutes',
    'passingScore',
    'maxAttempts',
    'tolerance',
  ],
  lists: ['objectives', 'skills', 'prerequisites', 'options', 'answer'],
} as const;
