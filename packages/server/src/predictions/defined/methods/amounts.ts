import { normalisedGini, spearman } from '@rapport/learn'
import type { Work } from '../../../base/index.ts'
import { meanOf } from '../../choose-by-loss.ts'
import { hasRepeated } from '../../customer-folds.ts'
import type { CustomerRows } from '../../customer-rows.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import { type AmountBands, applyAmountBands, fitAmountBands } from './amount-bands.ts'
import {
  type AmountKind,
  type AmountOptions,
  type AmountScorer,
  amountEffects,
  amountFloor,
  amountsOf,
  deviances,
  fitAmounts,
  fitForestOfAmounts,
  spendBefore,
} from './amount-scorer.ts'
import { labelledOf, withNormalInterval } from './events.ts'
import { intervalFigure, type Method, type Quality } from './method.ts'
import { outOfFold } from './out-of-fold.ts'

/** A model of amounts, brought to the right total, with what customers of like expectations came to. Plain data. */
export interface FittedAmounts {
  readonly kind: 'amounts'
  readonly scorer: AmountScorer
  /** What the scorer says is multiplied by it. */
  readonly factor: number
  /** The least that is said of anybody: nothing is impossible to anybody. */
  readonly floor: number
  /** Of the training rows by what honest fits said of them. */
  readonly bands: AmountBands
}

const names: Readonly<Record<AmountKind, string>> = {
  constant: 'the same for everybody',
  before: 'what was spent before, drawn toward the mean',
  tweedie: 'Tweedie regression',
  forest: 'random forest',
  boosting: 'gradient boosting',
}

/** @param isSpend whether what was spent before is known as a feature, and so a baseline */
export const amountMethod = (isSpend: boolean): Method<FittedAmounts, AmountKind> => ({
  kinds: (rows) => [
    isSpend && spendBefore(rows) !== undefined ? 'before' : 'constant',
    'tweedie',
    'forest',
    'boosting',
  ],
  nameOf: (kind) => names[kind],
  measure: 'Tweedie deviance',
  fit: async (kind, rows, seed, work) => {
    const { fitted, honest } = await fitHonestly(kind, rows, { seed }, work)
    return { name: names[kind], fitted, losses: deviances(honest, rows.outcomes) }
  },
  refit: async (kind, { scorer: like }, rows, seed, work) =>
    (await fitHonestly(kind, rows, { seed, like }, work)).fitted,
  predict: (fitted, rows) => {
    const value = expected(fitted, rows)
    return { value, ...applyAmountBands(fitted.bands, value) }
  },
  effects: ({ scorer }, rows, work) => amountEffects(scorer, rows, work),
  told: { raises: 'raises what is expected', lowers: 'lowers what is expected' },
  losses: (fitted, rows) => deviances(expected(fitted, rows), rows.outcomes),
  judge: (name, fitted, rows) => judgeAmounts(name, fitted, rows),
  compared: (fitted, rows) => ({ said: expected(fitted, rows), came: rows.outcomes }),
  sides: (rows) => {
    const { labels } = labelledOf(rows)
    if (labels.includes(0)) return labels
    // Everybody spent something: those who spent more than the middle one are compared with the others.
    const middle = rows.outcomes.slice().sort()[rows.outcomes.length >> 1]!
    return Uint8Array.from(rows.outcomes, (outcome) => (outcome > middle ? 1 : 0))
  },
})

/** A fit to all rows, brought to their total, and `[n]` what fits that did not see a row say of it. */
async function fitHonestly(
  kind: AmountKind,
  rows: OutcomeRows,
  options: AmountOptions,
  work?: Work,
): Promise<{ readonly fitted: FittedAmounts; readonly honest: Float64Array }> {
  const { scorer, said } = await fitWithSaid(kind, rows, options, work)
  const total = said.reduce((sum, value) => sum + value, 0)
  const mean = meanOf(rows.outcomes)
  const factor = total > 0 ? (mean * rows.outcomes.length) / total : 1
  const floor = amountFloor(rows.outcomes)
  const honest = said.map((value) => Math.max(floor, value * factor))
  const bands = fitAmountBands(honest, rows.outcomes, { customerIds: rows.customerIds, seed: options.seed })
  return { fitted: { kind: 'amounts', scorer, factor, floor, bands }, honest }
}

async function fitWithSaid(kind: AmountKind, rows: OutcomeRows, options: AmountOptions, work?: Work) {
  if (kind === 'forest') {
    const { scorer, outOfBag } = await fitForestOfAmounts(rows, options.seed, work)
    if (!hasRepeated(rows.customerIds)) return { scorer, said: outOfBag }
    // Trees that did not see a row may have seen its customer at another moment.
    const fit = async (own: OutcomeRows) => (await fitForestOfAmounts(own, options.seed, work)).scorer
    return { scorer, said: await outOfFold(rows, options.seed, fit, amountsOf, work) }
  }
  const said = await outOfFold(rows, options.seed, (own) => fitAmounts(kind, own, options, work), amountsOf, work)
  return { scorer: await fitAmounts(kind, rows, options, work), said }
}

const expected = ({ scorer, factor, floor }: FittedAmounts, rows: CustomerRows): Float64Array =>
  amountsOf(scorer, rows).map((value) => Math.max(floor, value * factor))

const bandsWanted = 10

function judgeAmounts(name: string, fitted: FittedAmounts, rows: OutcomeRows): Quality {
  const said = expected(fitted, rows)
  const { low, high } = applyAmountBands(fitted.bands, said)
  const came = rows.outcomes
  const inside = came.map((value, row) => (value >= low[row]! && value <= high[row]! ? 1 : 0))
  const order = Array.from(said.keys()).sort((left, right) => said[left]! - said[right]! || left - right)
  const plain = (figure: string, value: number) => ({ name: figure, value, interval: null })
  const rank = spearman(said, came)
  const gini = normalisedGini(said, came)
  return {
    name,
    figures: [
      withNormalInterval('Tweedie deviance', deviances(said, came)),
      withNormalInterval(
        'mean absolute error',
        came.map((value, row) => Math.abs(value - said[row]!)),
      ),
      plain('expected in all over what came', meanOf(said) / meanOf(came)),
      ...(gini.defined ? [plain('Gini', gini.value)] : []),
      ...(rank.defined ? [plain('rank correlation', rank.value)] : []),
      withNormalInterval(intervalFigure, inside),
    ],
    calibration: Array.from({ length: bandsWanted }, (_, band) => {
      const own = order.slice(
        Math.floor((band * order.length) / bandsWanted),
        Math.floor(((band + 1) * order.length) / bandsWanted),
      )
      const { value, interval } = withNormalInterval(
        '',
        Float64Array.from(own, (row) => came[row]!),
      )
      return {
        predicted: meanOf(Float64Array.from(own, (row) => said[row]!)),
        ...{ seen: value, interval: interval!, customers: own.length },
      }
    }),
  }
}
