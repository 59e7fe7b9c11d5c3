import { analyticsRights } from './analytics.ts';
import { auditRights } from './audit.ts';
import { chatRights } from './chat.ts';
import { contentRights } from './content.ts';
import { accessRights, directoryRights } from './directory.ts';
import { evaluationRights } from './evaluations.ts';
import { learningRights } from './learning.ts';
import { limitsRights } from './limits.ts';
import { recommendRights } from './recommend.ts';
import type { AreaRights } from './rights.ts';

/** Every area; how to add to them stands in rights.ts. */
export const rights: AreaRights = {
  ...directoryRights,
  ...accessRights,
  ...contentRights,
  ...chatRights,
  ...auditRights,
  ...learningRights,
  ...limitsRights,
  ...recommendRights,
  ...analyticsRights,
  ...evaluationRights,
};

/** Tables of other schemas that the application reads or writes, with the reason why no policy is on them. */
export const openElsewhere: readonly { tables: RegExp; reason: string }[] = [
  {
    tables: /^pgboss\./,
    reason:
      'jobs are ids of an organization and its content; no route reads or writes them as such',
  },
  { tables: /^docent_meta\./, reason: 'which migrations ran; read at start' },
];
