import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions: ['@rapport/source', 'node'] },
  ssr: { resolve: { conditions: ['@rapport/source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tooling/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('./property-seed.ts', import.meta.url))],
    pool: 'forks',
    execArgv: ['--conditions=@rapport/source'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './tooling/count-reporter.ts'],
  },
})
