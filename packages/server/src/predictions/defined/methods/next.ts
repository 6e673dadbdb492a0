import {
  applyConformalQuantiles,
  type CoxModel,
  calibrationCurve,
  concordance,
  fitConformalQuantiles,
  fitCox,
  fitKaplanMeier,
  type KaplanMeierModel,
  predictCoxSurvival,
} from '@rapport/learn'
import type { Matrix } from '@rapport/numerics'
import { matrix } from '@rapport/numerics'
import type { CustomerRows } from '../../customer-rows.ts'
import { type LinearPreparation, preparedLike, prepareLinear, spreadOver } from '../../scorer.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import { withNormalInterval } from './events.ts'
import { type Figure, intervalFigure, type Method, type Predicted, type Quality } from './method.ts'
import { outOfFold } from './out-of-fold.ts'

/** When something happens next, day by day up to the horizon. Plain data. */
export interface FittedNext {
  readonly kind: 'next'
  readonly scorer:
    | { readonly kind: 'everybody'; readonly model: KaplanMeierModel }
    | { readonly kind: 'cox'; readonly preparation: LinearPreparation; readonly model: CoxModel }
  /** The chances of having happened by which eight of ten days lie between: 0.1 and 0.9 of a model that knew all. */
  readonly ends: { readonly low: number; readonly high: number }
}

export type NextKind = FittedNext['scorer']['kind']

const names: Readonly<Record<NextKind, string>> = {
  everybody: 'the same for everybody (Kaplan-Meier)',
  cox: 'proportional hazards (Cox)',
}

const penalty = 10

/**
 * Days until something happens, of customers who are all watched for the horizon: Cox's model beside one curve for all.
 * What is said is the day by which half of customers like this one have done it; nothing where half will not within the
 * horizon.
 */
export function nextMethod(horizonDays: number): Method<FittedNext, NextKind> {
  const days = Float64Array.from({ length: horizonDays }, (_, day) => day + 1)
  const predict = (fitted: FittedNext, rows: CustomerRows): Predicted => {
    const left = survivalOf(fitted, rows, days)
    // An end that is open holds all that is later.
    const firstDay = (isReached: (chance: number) => boolean): Float64Array =>
      Float64Array.from({ length: left.rows }, (_, row) => {
        const day = days.findIndex((_at, column) => isReached(1 - left.values[row * left.columns + column]!))
        return day < 0 ? Number.NaN : days[day]!
      })
    const { low, high } = fitted.ends
    return {
      value: firstDay((chance) => chance >= 0.5),
      low: firstDay((chance) => chance >= low),
      high: firstDay((chance) => chance > high),
    }
  }
  return {
    kinds: () => ['everybody', 'cox'],
    nameOf: (kind) => names[kind],
    measure: 'integrated Brier score',
    fit: async (kind, rows, seed, work) => {
      const fit = (own: OutcomeRows): FittedNext => fitNext(kind, own, horizonDays, work)
      const honest = await outOfFold(rows, seed, fit, (fitted, own) => lossesAndChances(fitted, own, days), work)
      const column = (at: number): Float64Array => rows.outcomes.map((_, row) => honest[chancesWidth * row + at]!)
      const ends = endsOf(column(1), column(2), column(3))
      return { name: names[kind], fitted: { ...fit(rows), ends }, losses: column(0) }
    },
    refit: async (kind, _, rows, _seed, work) => fitNext(kind, rows, horizonDays, work),
    predict,
    effects: ({ scorer }, rows) => {
      if (scorer.kind === 'everybody') return undefined
      const prepared = preparedLike(scorer.preparation, rows)
      const { coefficients, means } = scorer.model
      const parts = prepared.values.map((value, at) => {
        const column = at % prepared.columns
        return (value - means[column]!) * coefficients[column]!
      })
      return spreadOver({ ...prepared, values: parts }, scorer.preparation.featureOfColumn, rows)
    },
    told: { raises: 'brings it sooner', lowers: 'puts it off' },
    losses: (fitted, rows) => lossesOf(fitted, rows, days),
    judge: (name, fitted, rows) => judgeNext(name, fitted, rows, days, predict(fitted, rows)),
    compared: (fitted, rows) => ({
      said: byTheEnd(survivalOf(fitted, rows, days)),
      came: Float64Array.from(happened(rows)),
    }),
    sides: happened,
  }
}

const chancesWidth = 4

/**
 * `[n × 4]` of each row its loss; the chances that it happens by the end of the day on which it did, and before that day; and
 * the one within the horizon. What did not happen is later than all days that are told.
 */
function lossesAndChances(fitted: FittedNext, rows: OutcomeRows, days: Float64Array): Float64Array {
  const left = survivalOf(fitted, rows, days)
  const losses = lossesOf(fitted, rows, days)
  const chances = new Float64Array(chancesWidth * rows.outcomes.length)
  rows.outcomes.forEach((outcome, row) => {
    const chanceBy = (day: number): number => (day < 1 ? 0 : 1 - left.values[row * left.columns + day - 1]!)
    const day = Number.isNaN(outcome) ? undefined : Math.min(days.length, Math.max(1, Math.ceil(outcome)))
    const inAll = chanceBy(days.length)
    const [by, before] = day === undefined ? [1, inAll] : [chanceBy(day), chanceBy(day - 1)]
    chances.set([losses[row]!, by, before, inAll], chancesWidth * row)
  })
  return chances
}

const sayableMin = 50

/**
 * Conformalised quantiles on the scale of chances: 0.1 and 0.9, moved so that eight of ten days of honest fits lie within. A
 * day is within when by its end the lower chance is reached, and before it the upper one was not passed.
 */
function endsOf(by: Float64Array, before: Float64Array, inAll: Float64Array): FittedNext['ends'] {
  const said = Array.from(by.keys()).filter((row) => inAll[row]! >= 0.5)
  // Only of whom a day is said an interval is; where these are few, all say how wide it must be.
  const rows = said.length >= sayableMin ? said : Array.from(by.keys())
  const usual = { low: 0.1, high: 0.9 }
  const fitted = fitConformalQuantiles(
    rows.map((row) => usual.low - by[row]!),
    rows.map((row) => usual.high - before[row]!),
    new Float64Array(rows.length),
    { confidence: 0.8 },
  )
  if (fitted.kind === 'too-few-rows') return usual
  const { low, high } = applyConformalQuantiles(fitted, [usual.low], [usual.high])
  return { low: low[0]!, high: high[0]! }
}

/** `[n]` the chance that it happens within the horizon. */
const byTheEnd = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => 1 - values[(row + 1) * columns - 1]!)

const happened = ({ outcomes }: OutcomeRows): Uint8Array =>
  Uint8Array.from(outcomes, (day) => (Number.isNaN(day) ? 0 : 1))

const watched = (rows: OutcomeRows, horizonDays: number) => ({
  durations: rows.outcomes.map((day) => (Number.isNaN(day) ? horizonDays : Math.min(day, horizonDays))),
  events: happened(rows),
})

function fitNext(
  kind: NextKind,
  rows: OutcomeRows,
  horizonDays: number,
  work?: Parameters<typeof fitCox>[3],
): FittedNext {
  const seen = watched(rows, horizonDays)
  const everybody: FittedNext = {
    kind: 'next',
    scorer: { kind: 'everybody', model: fitKaplanMeier(seen) },
    ends: { low: 0.1, high: 0.9 },
  }
  if (kind === 'everybody') return everybody
  const wanted = rows.features.map((_, position) => position)
  const prepared = prepareLinear({ ...rows, labels: seen.events }, wanted)
  if (prepared === undefined) return everybody
  const model = fitCox(prepared.data, seen, { penalty }, work)
  return model.kind === 'unfitted'
    ? everybody
    : { ...everybody, scorer: { kind: 'cox', preparation: prepared.scorer, model } }
}

/** `[n × days]` the chance that it has not happened by the end of each day. */
function survivalOf({ scorer }: FittedNext, rows: CustomerRows, days: Float64Array): Matrix {
  if (scorer.kind === 'cox') return predictCoxSurvival(scorer.model, preparedLike(scorer.preparation, rows), days)
  const { times, survival } = scorer.model
  const one = days.map((day) => survival[times.findLastIndex((time) => time <= day)] ?? 1)
  const all = matrix(rows.customerIds.length, days.length)
  for (let row = 0; row < all.rows; row += 1) all.values.set(one, row * days.length)
  return all
}

/** `[n]` the mean over the days of (chance that it has not happened − whether it has not)². */
function lossesOf(fitted: FittedNext, rows: OutcomeRows, days: Float64Array): Float64Array {
  const left = survivalOf(fitted, rows, days)
  return rows.outcomes.map((outcome, row) => {
    let sum = 0
    for (let column = 0; column < days.length; column += 1) {
      const isLeft = !(outcome <= days[column]!)
      sum += (left.values[row * left.columns + column]! - (isLeft ? 1 : 0)) ** 2
    }
    return sum / days.length
  })
}

function judgeNext(name: string, fitted: FittedNext, rows: OutcomeRows, days: Float64Array, said: Predicted): Quality {
  const horizonDays = days.length
  const left = survivalOf(fitted, rows, days)
  const byHorizon = byTheEnd(left)
  const order = concordance(watched(rows, horizonDays), byHorizon)
  const known = Array.from(said.value.keys()).filter((row) => !Number.isNaN(said.value[row]!))
  const figures: Figure[] = [withNormalInterval('integrated Brier score', lossesOf(fitted, rows, days))]
  if (order.defined) figures.push({ name: 'concordance', value: order.value, interval: null })
  if (known.length > 0) {
    const inside = known.map((row) => {
      // Days are whole: what comes within the day that is said counts as said. An open end holds all that is later.
      const day = Math.ceil(rows.outcomes[row]!)
      const isLate = Number.isNaN(day)
      const high = said.high![row]!
      return isLate ? (Number.isNaN(high) ? 1 : 0) : day >= said.low![row]! && !(day > high) ? 1 : 0
    })
    figures.push(withNormalInterval(intervalFigure, Float64Array.from(inside)))
    const before = known.map((row) => (rows.outcomes[row]! <= said.value[row]! ? 1 : 0))
    figures.push(withNormalInterval('share by the day that is said (a half would be right)', Float64Array.from(before)))
  }
  figures.push({
    name: 'share with a day that is said',
    value: known.length / Math.max(1, rows.outcomes.length),
    interval: null,
  })
  return {
    name,
    figures,
    calibration: calibrationCurve(byHorizon, happened(rows), { strategy: 'quantile' }).map((bin) => ({
      ...{ predicted: bin.predicted, seen: bin.observed, customers: bin.count },
      interval: { low: bin.low, high: bin.high },
    })),
  }
}
