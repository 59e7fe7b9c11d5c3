import { join } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';

/**
 * Of marked only its lexer: what turns tokens into HTML is not used, and cannot be shaken off, because the file
 * makes an instance of it when it is loaded. 4 kB of 16, gzipped.
 */
const lexerOnly: Plugin = {
  name: 'docent:lexer-only',
  transform(code, id) {
    if (!/\/marked\/lib\/marked\.esm\.js$/.test(id)) return null;
    const short = code.replace(
      /^(.*)\bvar \w+=new \w+;function .*export\{\w+ as Hooks,(\w+) as Lexer,.*\b(\w+) as Tokenizer\b.*$/s,
      '$1export{$2 as Lexer,$3 as Tokenizer};',
    );
    if (short === code) throw new Error('marked is built differently now: see to lexerOnly');
    return { code: short, map: null };
  },
};

/** What both builds share: Preact, no configuration file, nothing printed but failures. */
const shared = {
  configFile: false,
  logLevel: 'error',
  clearScreen: false,
  plugins: [lexerOnly],
  // The same files whoever builds: tests, too, have a NODE_ENV of their own.
  define: { 'process.env.NODE_ENV': '"production"' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
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

/** `<docent-chat>` as one file, for pages of other origins. */
export function elementConfig(root: string, dist: string): InlineConfig {
  return {
    ...shared,
    root,
    publicDir: false,
    build: {
      outDir: join(dist, 'embed'),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: {
          'docent-chat': join(root, 'src/element/main.ts'),
          demo: join(root, 'src/element/demo/demo.ts'),
        },
        output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  };
}
