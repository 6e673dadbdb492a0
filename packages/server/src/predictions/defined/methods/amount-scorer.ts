import {
  type BoostingRegressionModel,
  explainBoosting,
  explainForest,
  type ForestModel,
  fitBoostingRegression,
  fitForestRegression,
  fitGeneralisedLinear,
  type GeneralisedLinearModel,
  predictBoostingRegression,
  predictForestRegression,
  predictGeneralisedLinear,
} from '@rapport/learn'
import { columnOf, type Matrix } from '@rapport/numerics'
import { RapportError, type Work } from '../../../base/index.ts'
import { meanOf } from '../../choose-by-loss.ts'
import { stoppingOf } from '../../customer-folds.ts'
import type { CustomerRows } from '../../customer-rows.ts'
import {
  type LinearPreparation,
  pickColumns,
  preparedLike,
  prepareLinear,
  spreadOver,
  treeColumns,
} from '../../scorer.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import { labelledOf } from './events.ts'

/** What an amount is expected to be, before it is brought to the right total. Plain data. */
export type AmountScorer =
  | { readonly kind: 'constant'; readonly mean: number }
  /** `share` of what a feature held, which summed up days of the past, and the rest of what it held on average. */
  | { readonly kind: 'before'; readonly feature: number; readonly share: number; readonly mean: number }
  | { readonly kind: 'tweedie'; readonly preparation: LinearPreparation; readonly model: GeneralisedLinearModel }
  | { readonly kind: 'forest'; readonly features: readonly number[]; readonly model: ForestModel }
  | { readonly kind: 'boosting'; readonly features: readonly number[]; readonly model: BoostingRegressionModel }

export type AmountKind = AmountScorer['kind']

/** Between a count (1) and a gamma (2): many amounts of 0, the others with a long tail. */
const power = 1.5
const penalty = 30
/** As of chances, see `scorer.ts`. */
const tolerance = 1e-3

export interface AmountOptions {
  readonly seed: number
  /** A scorer of the kind whose rounds are kept. Default: rows are held back to find them. */
  readonly like?: AmountScorer
}

/** @throws RapportError `predictions.features` when a method of numbers has no feature that tells customers apart */
export async function fitAmounts(
  kind: Exclude<AmountKind, 'forest'>,
  rows: OutcomeRows,
  { seed, like }: AmountOptions,
  work?: Work,
): Promise<AmountScorer> {
  const wanted = rows.features.map((_, position) => position)
  switch (kind) {
    case 'constant':
      return { kind, mean: meanOf(rows.outcomes) }
    case 'before':
      return fitBefore(rows)
    case 'tweedie': {
      const prepared = prepareLinear(labelledOf(rows), wanted)
      if (prepared === undefined) throw nothingToTell()
      const model = fitGeneralisedLinear(
        prepared.data,
        rows.outcomes,
        { family: 'tweedie', power, penalty, tolerance },
        work,
      )
      return { kind, preparation: prepared.scorer, model }
    }
    case 'boosting': {
      const { features, categorical } = treeColumns(rows, wanted)
      const model = await fitBoostingRegression(
        pickColumns(rows.matrix, features),
        rows.outcomes,
        {
          ...{ loss: { kind: 'tweedie', power }, learningRate: 0.05, leavesMax: 8, rowsPerLeafMin: 20, l2: 1 },
          ...{ categorical, seed },
          ...(like?.kind === 'boosting'
            ? { rounds: like.model.rounds }
            : { rounds: 300, earlyStopping: stoppingOf(rows.customerIds, 20) }),
        },
        work,
      )
      return { kind, features, model }
    }
  }
}

/** Trees that did not see a row say of it what a fit that it was left out of would, and without another fit. */
export async function fitForestOfAmounts(
  rows: OutcomeRows,
  seed: number,
  work?: Work,
): Promise<{ readonly scorer: AmountScorer; readonly outOfBag: Float64Array }> {
  const wanted = rows.features.map((_, position) => position)
  const { features, categorical } = treeColumns(rows, wanted)
  const rowsPerLeafMin = Math.max(10, Math.ceil(rows.outcomes.length / 400))
  const { outOfBag, ...model } = await fitForestRegression(
    pickColumns(rows.matrix, features),
    rows.outcomes,
    { trees: 100, rowsPerLeafMin, categorical, seed },
    work,
  )
  const mean = meanOf(rows.outcomes)
  return {
    scorer: { kind: 'forest', features, model: { ...model, outOfBag: undefined } },
    // Of a row that every tree saw nothing is known.
    outOfBag: outOfBag!.map((said) => (Number.isNaN(said) ? mean : said)),
  }
}

const nothingToTell = (): RapportError =>
  new RapportError('predictions.features', 'a feature must tell customers apart, none does')

/** Where a feature sums up what was spent in a window of the past; the longest one that is no longer than a quarter. */
export function spendBefore({ features }: CustomerRows): number | undefined {
  const position = ['spend_90d', 'spend_30d', 'spend_7d']
    .map((name) => features.findIndex((feature) => feature.name === name))
    .find((at) => at >= 0)
  return position
}

/** Shares of what was spent before that are tried, with the rest of the average: in hundredths. */
const sharesTried = 100

/**
 * What was spent before, drawn toward the average as far as makes the deviance least: as it stands it would say of everybody
 * who bought nothing of late that they will buy nothing, and lose by that to any model.
 */
function fitBefore(rows: OutcomeRows): AmountScorer {
  const feature = spendBefore(rows)!
  const held = columnOf(rows.matrix, feature)
  const mean = meanOf(held)
  // The total is set right afterwards.
  const factor = mean > 0 ? meanOf(rows.outcomes) / mean : 1
  const floor = amountFloor(rows.outcomes)
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (let at = 0; at <= sharesTried; at += 1) {
    const share = at / sharesTried
    const said = held.map((own) => Math.max(floor, factor * (share * own + (1 - share) * mean)))
    const loss = meanOf(deviances(said, rows.outcomes))
    if (loss < least) [best, least] = [share, loss]
  }
  return { kind: 'before', feature, share: best, mean }
}

/** The least that is said of anybody: nothing is impossible to anybody. */
export const amountFloor = (outcomes: Float64Array): number => meanOf(outcomes) / 100

/** `[n]` of power 1.5; see docs/methods/generalised-linear.md. */
export const deviances = (said: Float64Array, came: Float64Array): Float64Array =>
  said.map((mean, row) => 4 * (came[row]! / Math.sqrt(mean) + Math.sqrt(mean) - 2 * Math.sqrt(came[row]!)))

/** `[n]` at least 0. */
export function amountsOf(scorer: AmountScorer, rows: CustomerRows): Float64Array {
  switch (scorer.kind) {
    case 'constant':
      return new Float64Array(rows.customerIds.length).fill(scorer.mean)
    case 'before':
      return columnOf(rows.matrix, scorer.feature).map((held) => scorer.share * held + (1 - scorer.share) * scorer.mean)
    case 'tweedie':
      return predictGeneralisedLinear(scorer.model, preparedLike(scorer.preparation, rows))
    case 'forest':
      return predictForestRegression(scorer.model, pickColumns(rows.matrix, scorer.features))
    case 'boosting':
      return predictBoostingRegression(scorer.model, pickColumns(rows.matrix, scorer.features))
  }
}

/** `[n × features]` what each feature adds: to the logarithm of the amount, of a forest to the amount itself. */
export function amountEffects(scorer: AmountScorer, rows: CustomerRows, work?: Work): Matrix | undefined {
  switch (scorer.kind) {
    case 'constant':
    case 'before':
      return undefined
    case 'tweedie': {
      const prepared = preparedLike(scorer.preparation, rows)
      const { coefficients } = scorer.model
      const parts = prepared.values.map((value, at) => value * coefficients[at % prepared.columns]!)
      return spreadOver({ ...prepared, values: parts }, scorer.preparation.featureOfColumn, rows)
    }
    case 'forest': {
      const [explained] = explainForest(scorer.model, pickColumns(rows.matrix, scorer.features), work)
      return spreadOver(explained!.contributions, scorer.features, rows)
    }
    case 'boosting': {
      const { contributions } = explainBoosting(scorer.model, pickColumns(rows.matrix, scorer.features), work)
      return spreadOver(contributions, scorer.features, rows)
    }
  }
}
