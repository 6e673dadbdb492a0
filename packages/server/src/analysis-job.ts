import { z } from 'zod'
import { analyzeApart } from './analyze-apart.ts'
import type { JobKind } from './jobs/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** The whole analysis as work that can be asked for: it replaces what the last one found, and the report. */
export const analysisJob = (warehouse: Warehouse, report: string): JobKind<object> => ({
  kind: 'analyze',
  input: z.strictObject({}),
  mostAttempts: 2,
  run: async (_, work) => {
    await analyzeApart(warehouse, {}, report, work)
    return { report }
  },
})
