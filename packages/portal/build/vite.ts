import { join } from 'node:path';
import type { InlineConfig } from 'vite';

/** What both builds share: Preact, no configuration file, nothing printed but failures. */
const shared = {
  configFile: false,
  logLevel: 'error',
  clearScreen: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
} satisfies InlineConfig;

/** The pages under /app/. */
export function appConfig(root: string, dist: string): InlineConfig {
  return {
    ...shared,
    root,
    base: '/app/',
    build: {
      outDir: join(dist, 'app'),
      emptyOutDir: true,
      target: 'es2022',
      // The Content-Security-Policy knows no data: addresses of scripts or fonts.
      assetsInlineLimit: 0,
      // Browsers of this target know modulepreload.
      modulePreload: { polyfill: false },
    },
  };
}
