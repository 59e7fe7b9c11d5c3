import type { RecommendationEvent } from '@docent/contracts/recommend';
import { useEffect, useRef } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';

/** What became of a recommendation. @throws ApiProblem */
export function tell(api: Api, recommendationId: string, event: RecommendationEvent) {
  return api.send('POST', `/v1/recommendations/${recommendationId}/events`, event);
}

/** The same, on the way: nobody waits for it, and that it failed is nothing the person could do about. */
export function mention(api: Api, recommendationId: string, event: RecommendationEvent): void {
  tell(api, recommendationId, event).catch(() => {});
}

const shown = new Set<string>();

/** Tells once that a recommendation was shown, when half of the element was in view. */
export function useShown(recommendationId: string, position: number) {
  const api = useApi();
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null || shown.has(recommendationId)) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return;
        observer.disconnect();
        shown.add(recommendationId);
        mention(api, recommendationId, { event: 'shown', position });
      },
      { threshold: 0.5 },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [recommendationId]);
  return ref;
}
