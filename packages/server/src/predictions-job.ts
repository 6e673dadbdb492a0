import { z } from 'zod'
import { lastMoment } from './insights/index.ts'
import type { JobKind } from './jobs/index.ts'
import { trainApart } from './predict-apart.ts'
import type { PredictInput, TrainRequest } from './predictions/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** How long the methods of one prediction may be tried, ms. */
const budgetMs = 300_000

/**
 * A prediction, or every one in use, is learned anew, the better model serves, and customers are scored anew: as work that
 * can be asked for. What could not be learned says why in the job's result.
 */
export const predictionsJob = (warehouse: Warehouse): JobKind<PredictInput> => ({
  kind: 'predict',
  input: z.strictObject({ name: z.string().optional(), scores: z.boolean().optional() }),
  mostAttempts: 2,
  run: async ({ name, scores = true }, work) => {
    const request: TrainRequest = {
      which: name === undefined ? { kind: 'used' } : { kind: 'named', name },
      asOf: await lastMoment(warehouse),
      seed: 1,
      budgetMs,
      scores,
    }
    const done = await trainApart(warehouse, request, work)
    return done.map(({ name, trained, scored }) => ({
      name,
      model: trained.found ? trained.modelId : null,
      ...(trained.found ? { serves: trained.serves } : {}),
      because: trained.because,
      scored: scored?.found ? scored.customers : null,
      drift: scored?.found ? scored.drift.scores.verdict : null,
    }))
  },
})
