import { defineConfig } from 'vitest/config'

// Tests start built code in child processes and workers, so dist/ is brought up to date once before any of them.
const shared = { globalSetup: ['test/build.ts'], testTimeout: 30_000, hookTimeout: 60_000, pool: 'forks' as const, maxWorkers: 2 }

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'unit', include: ['src/**/*.test.{ts,tsx}', 'test/*.test.ts'] } },
      // The command line on data files, which measures no response times.
      { test: { ...shared, name: 'data', include: ['test/e2e/data-*.test.ts'], testTimeout: 120_000 } },
      // One file after the other: these tests measure response times, and a machine that is busy with itself has bad ones.
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/data-*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'interop',
          include: ['test/interop/**/*.test.ts', 'src/drivers/services/services.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
