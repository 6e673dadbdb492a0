import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { makeDemo } from '../../packages/server/src/demo/index.ts'
import { lastMoment } from '../../packages/server/src/insights/index.ts'
import { namedPrediction, trainPrediction } from '../../packages/server/src/predictions/defined/index.ts'
import type { SessionsCard } from '../../packages/server/src/predictions/defined/sessions/sessions-card.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import type { LabelledSet } from '../labelled-sets.ts'
import { byBoosting, byLogistic, judgeOutOfFold, type PredictRows, references, shortfalls } from '../out-of-fold.ts'
import { needsData, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-intent-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is known of a session only once it is over, or of how the shop valued its pages by who bought. */
const ofFinished = ['page_values', 'bounce_rates', 'exit_rates']

const without =
  (names: readonly string[], predict: PredictRows): PredictRows =>
  (set: LabelledSet, train, tested) =>
    predict({ ...set, columns: set.columns.filter(({ name }) => !names.includes(name)) }, train, tested)

prove({
  name: 'intent-published',
  claim:
    'online_shoppers_intention by its protocol: the published figures of finished sessions reached by logistic regression and by boosting; and, beside them, what is left without PageValues, bounce and exit rates, which a session that goes on does not have',
  cannot: needsData,
  measure: async () => {
    const told: string[] = []
    let isMet = true
    for (const [name, predict] of [
      ['logistic', byLogistic],
      ['boosting', byBoosting],
    ] as const) {
      const reference = references.shoppers[name]
      const whole = await judgeOutOfFold('shoppers', predict)
      const honest = await judgeOutOfFold('shoppers', without(ofFinished, predict))
      isMet &&= shortfalls(whole, reference).length === 0
      told.push(
        `${name} AUC ${whole.auc.toFixed(4)} (${reference.auc}), log loss ${whole.logLoss.toFixed(4)} (${reference.logLoss}); without these AUC ${honest.auc.toFixed(4)}, log loss ${honest.logLoss.toFixed(4)}`,
      )
    }
    return { figure: told.join('; '), isMet }
  },
})

prove({
  name: 'intent-prefix',
  claim:
    'purchase intent on the demo shop (fashion, 3,000 customers), judged after k = 1, 2, 3, 5, 10 events of later sessions of customers whom it had not seen, told by the prefix alone: log loss below that of the share for everybody, and off by at most 0.05 from what came, at every length',
  measure: async () => {
    const warehouse = await openWarehouse(folder)
    try {
      await makeDemo(warehouse, { scenario: 'fashion', customers: 3000, seed: 3 })
      const asOf = await lastMoment(warehouse)
      const known = await namedPrediction(warehouse, 'purchase-intent', asOf)
      const trained = await trainPrediction(warehouse, known, { asOf, seed: 1, budgetMs: 120_000 })
      if (!trained.found) return { figure: trained.because, isMet: false }
      const { byPrefix, method } = trained.card as SessionsCard
      const figures = byPrefix.map(
        ({ events, sessions, rocAuc, logLoss, baselineLogLoss, calibrationError }) =>
          `k = ${events}: ${sessions} sessions, AUC ${rocAuc?.toFixed(3)}, log loss ${logLoss?.toFixed(4)} (baseline ${baselineLogLoss?.toFixed(4)}), calibration error ${calibrationError?.toFixed(4)}`,
      )
      return {
        figure: `${method}; ${figures.join('; ')}`,
        isMet: byPrefix.every(
          ({ logLoss, baselineLogLoss, calibrationError }) =>
            logLoss !== null && logLoss < baselineLogLoss! && calibrationError! <= 0.05,
        ),
      }
    } finally {
      await warehouse.close()
    }
  },
})
