import { roles } from '@docent/core/principal';
import { z } from 'zod';

/** Who a key speaks for, and what it may do. */
export const Me = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  organization: z.object({ id: z.uuid(), name: z.string() }),
  role: z.enum(roles),
  departments: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .describe('Own department; of HR managers also those below it'),
  apiKeyId: z.string().nullable(),
  scopes: z.array(z.string()).describe('`*`: every right of the owner'),
});
export type Me = z.infer<typeof Me>;
