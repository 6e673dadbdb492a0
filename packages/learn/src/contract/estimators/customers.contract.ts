import { type Matrix, matrix } from '@rapport/numerics'
import { fitAls, recommendAls } from '../../factorization/index.ts'
import {
  conditionalExpectedPurchases,
  expectedSpend,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  type PurchaseModel,
  probabilityAlive,
  type Unfitted,
} from '../../lifetime/index.ts'
import {
  fitItemItem,
  fitPopularity,
  type Recommendations,
  recommendItemItem,
  recommendPopular,
} from '../../recommenders/index.ts'
import { fitCox, fitKaplanMeier, predictCoxRisk, predictCoxSurvival, survivalAt } from '../../survival/index.ts'
import { estimator } from '../estimator.contract.ts'
import {
  durationInputs,
  interactionInputs,
  type Purchases,
  purchaseInputs,
  spendInputs,
  type Watched,
} from '../other-inputs.contract.ts'

const purchases = (
  name: 'fitBgNbd' | 'fitMbgNbd' | 'fitParetoNbd',
  fit: (input: Purchases) => PurchaseModel | Unfitted,
) =>
  estimator({
    name,
    inputs: purchaseInputs(),
    fit,
    use: (model, input) => [
      probabilityAlive(model, input),
      conditionalExpectedPurchases(model, input, input.age[0]! / 2),
    ],
  })

export const lifetimeEstimators = [
  purchases('fitBgNbd', (input) => fitBgNbd(input)),
  purchases('fitMbgNbd', (input) => fitMbgNbd(input)),
  purchases('fitParetoNbd', (input) => fitParetoNbd(input)),
  estimator({
    name: 'fitGammaGamma',
    inputs: spendInputs(),
    fit: (input) => fitGammaGamma(input),
    use: expectedSpend,
  }),
]

/** Lists without the places that hold no item. */
const taken = ({ items, scores }: Recommendations) => ({ items, scores: scores.filter((_, at) => items[at]! >= 0) })

export const recommenderEstimators = [
  estimator({
    name: 'fitPopularity',
    inputs: interactionInputs(),
    fit: (interactions) => fitPopularity(interactions),
    use: async (model, history) => taken(await recommendPopular(model, history, { k: 3 })),
  }),
  estimator({
    name: 'fitItemItem',
    inputs: interactionInputs(),
    fit: (interactions, workers) => fitItemItem(interactions, { neighbours: 5, workers }),
    use: async (model, history) => taken(await recommendItemItem(model, history, { k: 3 })),
  }),
  estimator({
    name: 'fitAls',
    inputs: interactionInputs(),
    fit: (interactions, workers) => fitAls(interactions, { factors: 4, rounds: 3, workers, seed: 3 }),
    use: async (model, history) => taken(await recommendAls(model, history, { k: 3 })),
  }),
]

/** A column that says something of a duration, and one that does not. */
const traitsOf = ({ durations, events }: Watched): Matrix =>
  matrix(
    durations.length,
    2,
    Float64Array.from({ length: 2 * durations.length }, (_, at) =>
      at % 2 === 0 ? events[at >> 1]! + ((at * 7) % 5) : (at * 13) % 11,
    ),
  )

export const survivalEstimators = [
  estimator({
    name: 'fitKaplanMeier',
    inputs: durationInputs(),
    fit: (rows) => fitKaplanMeier(rows),
    use: (model, { durations }) => survivalAt(model, durations),
  }),
  estimator({
    name: 'fitCox',
    derives: true,
    inputs: durationInputs(),
    fit: (rows) => fitCox(traitsOf(rows), rows),
    use: (model, rows) => [
      predictCoxRisk(model, traitsOf(rows)),
      predictCoxSurvival(model, traitsOf(rows), model.times.slice(0, 3)),
    ],
  }),
]
