import { defineConfig } from 'vitest/config'
import base from '../vitest.config.ts'

// One file after the other: rows measure time and memory, and must not disturb each other.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tooling/proof/*.proof.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    reporters: ['default', './tooling/proof/proof-reporter.ts'],
  },
})
