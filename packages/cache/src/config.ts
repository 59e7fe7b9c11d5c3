import { z } from 'zod';

/** Settings of the cache. Without REDIS_URL it lives in this process. */
export const cacheEnv = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must look like redis://host:6379' }).optional(),
};
