import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { '@docent/test': new URL('./test/support', import.meta.url).pathname },
  },
  test: {
    include: ['{services,packages,scripts,test}/**/*.test.ts'],
    globalSetup: ['./test/support/globalSetup.ts'],
    // A database of its own for each test file; a cold start of WASM and models takes seconds on two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes late on a busy machine; the default gives up after a second.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    // A worker goes on with the next file: modules and the embedded database's program are loaded, and compiled
    // well, once. It halves the processor time. What a test changes of the process it has to put back.
    isolate: false,
  },
});
