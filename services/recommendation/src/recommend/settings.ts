import { z } from 'zod';

/** Part of every recommendation and of the cache's key: changes when lists would come out differently. */
export const ALGORITHM = '3';

/** How the signals of an organization are made and put together. Weights: 0 is off. */
export const TasteSettings = z.object({
  /** How far apart two items may be to count as one after the other, in items. */
  window: z.int().min(1).max(50),
  /** Weight of a learner's item beside the one taken after it, 0 to 1. */
  decay: z.number().gt(0).max(1),
  /** What people took next. */
  next: z.number().min(0),
  /** What was taken by the same people. */
  together: z.number().min(0),
  /** What is about the same. */
  similar: z.number().min(0),
  /** What a linear model of all pasts and futures expects (SLIT). */
  linear: z.number().min(0),
});
export type TasteSettings = z.infer<typeof TasteSettings>;

/** Up to so many items nearly everything is followed by everything: a wide window found more (CNPC, 238 courses). */
const SMALL_CATALOGUE = 500;
/** Below so many learners what is about the same counts as much as what people did (measured on MOOCCubeX). */
const FEW_LEARNERS = 1_000;

/** Where an organization begins, before a replay has shown anything better. */
export function startingSettings(size: { items: number; learners: number }): TasteSettings {
  return {
    window: size.items < SMALL_CATALOGUE ? 50 : 3,
    decay: 0.6,
    next: 1,
    together: 1,
    similar: size.learners < FEW_LEARNERS ? 1 : 0.3,
    linear: 0,
  };
}
