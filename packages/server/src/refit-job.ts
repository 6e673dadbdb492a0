import { z } from 'zod'
import type { JobKind } from './jobs/index.ts'
import { makeFamilyApart } from './make-family-apart.ts'
import { type DiscoveredFamily, lostNames, type RefitRequest } from './segments/index.ts'
import type { State } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** The groups of a family are found anew, and the job's result says which is which of before, and what rules name that is no more. */
export const refitJob = (
  warehouse: Warehouse,
  { queries }: Pick<State, 'queries'>,
  report: string,
): JobKind<RefitRequest> => ({
  kind: 'refit',
  input: z.strictObject({ name: z.string(), isAccepted: z.boolean() }),
  mostAttempts: 2,
  run: async (request, work) => {
    const found = (await makeFamilyApart(warehouse, { kind: 'refit', ...request }, report, work)) as DiscoveredFamily
    const { family, groups, refit } = found
    const warnings = await lostNames(warehouse, queries, request.isAccepted ? undefined : found)
    return { family, verdict: groups.found ? groups.verdict : groups.reason, ...refit, warnings }
  },
})
