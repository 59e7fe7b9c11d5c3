/**
 * What every connection of the application is set to, on a server by its start-up packet, embedded by
 * `set`. Generic plans are planned for the organization that came first: 32 ms instead of 1.5 ms for
 * the next one. Relaxed iterative scans find rows of small organizations that an HNSW scan alone drops.
 */
export const APP_SETTINGS = {
  search_path: 'docent,public',
  plan_cache_mode: 'force_custom_plan',
  'hnsw.iterative_scan': 'relaxed_order',
  'hnsw.ef_search': '100',
  jit: 'off',
} as const;
