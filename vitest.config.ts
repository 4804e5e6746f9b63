import { configDefaults, defineConfig } from 'vitest/config'

const LONG = '**/*.long.test.ts'
const exclude = [...configDefaults.exclude, 'data/**', 'client/dist/**']

export default defineConfig({
  test: {
    globalSetup: ['./test/postgres.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{events,projections,server,client}/**/*.test.{ts,tsx}',
            'test/*.test.ts',
            'test/{contracts,deployments,faults,git,grants,networks,odoo,repositories,simulators}/**/*.test.ts',
          ],
          exclude: [...exclude, LONG],
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          exclude: [...exclude, LONG],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'long', include: [LONG], exclude, testTimeout: 600_000, hookTimeout: 120_000 },
      },
    ],
  },
})
