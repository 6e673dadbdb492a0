import {
  type CoxModel,
  calibrationCurve,
  concordance,
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
import type { Figure, Method, Predicted, Quality } from './method.ts'
import { outOfFold } from './out-of-fold.ts'

/** When something happens next, day by day up to the horizon. Plain data. */
export interface FittedNext {
  readonly kind: 'next'
  readonly scorer:
    | { readonly kind: 'everybody'; readonly model: KaplanMeierModel }
    | { readonly kind: 'cox'; readonly preparation: LinearPreparation; readonly model: CoxModel }
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
    const by = (share: number): Float64Array =>
      Float64Array.from({ length: left.rows }, (_, row) => {
        const day = days.findIndex((_at, column) => left.values[row * left.columns + column]! <= share)
        return day < 0 ? Number.NaN : days[day]!
      })
    return { value: by(0.5), low: by(0.9), high: by(0.1) }
  }
  return {
    kinds: () => ['everybody', 'cox'],
    nameOf: (kind) => names[kind],
    measure: 'integrated Brier score',
    fit: async (kind, rows, seed, work) => {
      const fit = (own: OutcomeRows): FittedNext => fitNext(kind, own, horizonDays, work)
      const losses = await outOfFold(rows, seed, fit, (fitted, own) => lossesOf(fitted, own, days), work)
      return { name: names[kind], fitted: fit(rows), losses }
    },
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
  const everybody: FittedNext = { kind: 'next', scorer: { kind: 'everybody', model: fitKaplanMeier(seen) } }
  if (kind === 'everybody') return everybody
  const wanted = rows.features.map((_, position) => position)
  const prepared = prepareLinear({ ...rows, labels: seen.events }, wanted)
  if (prepared === undefined) return everybody
  const model = fitCox(prepared.data, seen, { penalty }, work)
  return model.kind === 'unfitted'
    ? everybody
    : { kind: 'next', scorer: { kind: 'cox', preparation: prepared.scorer, model } }
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
    figures.push(withNormalInterval('share within the 80 % interval', Float64Array.from(inside)))
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
