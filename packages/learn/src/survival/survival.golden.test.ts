// Reference: lifelines on data sets that it brings along (rossi, waltons, leukemia), and statsmodels' PHReg on the same,
// versions in the file; made by golden/make/survival.py.
import { matrixFromRows, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { metricValue } from '../metrics/metric.ts'
import { concordance } from './concordance.ts'
import { fitCox, predictCoxSurvival } from './cox.ts'
import { fitKaplanMeier, survivalTime } from './kaplan-meier.ts'
import { logRankTest } from './log-rank.ts'

interface Rows {
  durations: number[]
  events: number[]
  weights?: number[] | null
}
interface Golden {
  kaplanMeier: (Rows & {
    times: number[]
    atRisk: number[]
    observed: number[]
    survival: number[]
    low: (number | null)[]
    high: (number | null)[]
    median: number
  })[]
  logRank: (Rows & { groups: string[]; statistic: number; pValue: number })[]
  cox: (Rows & {
    columns: string[]
    data: number[][]
    coefficients: number[]
    standardErrors: number[]
    logLikelihood: number
    exact: { coefficients: number[]; standardErrors: number[] } | null
    likelihoodRatio: number | null
    concordance: number
    baselineTimes: number[]
    baseline: number[]
    survivalRows: number[]
    survivalTimes: number[]
    survival: number[][]
  })[]
  concordance: [number[], number[], number[], number][]
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/survival.json', import.meta.url))
const rowsOf = ({ durations, events, weights }: Rows) => ({ durations, events, ...(weights && { weights }) })

function expectClose(
  method: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number | null>,
  relative: number,
): void {
  expect(found.length).toBe(expected.length)
  for (let at = 0; at < found.length; at += 1) {
    const value = expected[at]!
    // lifelines writes bounds of 0 where nobody is left, we say that they are not known.
    if (value === null || Number.isNaN(found[at])) continue
    agree(method, found[at]!, value, relative, 1e-6)
  }
}

test.each(golden.kaplanMeier)('Kaplan-Meier with Greenwood bounds, median $median', (expected) => {
  const model = fitKaplanMeier(rowsOf(expected), { confidence: 0.9 })
  expect([...model.times]).toEqual(expected.times)
  expect([...model.atRisk]).toEqual(expected.atRisk)
  expect([...model.events]).toEqual(expected.observed)
  expectClose('Kaplan-Meier', model.survival, expected.survival, 1e-9)
  expectClose('Kaplan-Meier', model.low, expected.low, 1e-9)
  expectClose('Kaplan-Meier', model.high, expected.high, 1e-9)
  expect(survivalTime(model, 0.5)).toBe(expected.median)
})

test.each(golden.logRank)('log-rank $statistic', ({ groups, statistic, pValue, ...rows }) => {
  const found = logRankTest(rowsOf(rows), groups)
  if (!found.defined) throw new Error(found.because)
  agree('log-rank test', found.statistic, statistic, 1e-10, 0)
  agree('log-rank test', found.pValue, pValue, 1e-8, 0)
  const events = rows.events.reduce((sum, event) => sum + event, 0)
  expect(found.groups.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(events, 9)
})

test.each(golden.cox)('Cox by $columns', (expected) => {
  const data = matrixFromRows(expected.data)
  const model = fitCox(data, rowsOf(expected))
  if (model.kind !== 'cox') throw new Error(model.message)
  expect(model.converged).toBe(true)
  // lifelines stops a Newton step before all digits are there; statsmodels does not.
  expectClose('Cox regression', model.coefficients, expected.coefficients, 1e-7)
  expectClose('Cox regression', model.standardErrors!, expected.standardErrors, 1e-7)
  if (expected.exact !== null) {
    expectClose('Cox regression', model.coefficients, expected.exact.coefficients, 1e-9)
    expectClose('Cox regression', model.standardErrors!, expected.exact.standardErrors, 1e-9)
  }
  agree('Cox regression', model.logLikelihood, expected.logLikelihood, 1e-10)
  if (expected.likelihoodRatio !== null) {
    agree('Cox regression', 2 * (model.logLikelihood - model.nullLogLikelihood), expected.likelihoodRatio, 1e-8)
  }
  // lifelines leaves the weights out of its concordance.
  const unweighted = concordance(
    { ...rowsOf(expected), weights: expected.durations.map(() => 1) },
    scores(model, expected.data),
  )
  agree('concordance', metricValue(unweighted), expected.concordance, 1e-12)
  const survival = predictCoxSurvival(model, takeRows(data, expected.survivalRows), expected.survivalTimes)
  expectClose('Cox regression', survival.values, expected.survival.flat(), 1e-6)
})

test.each(golden.concordance)('concordance with ties', (durations, events, scores, value) => {
  // lifelines takes scores that are higher for whom it happens later.
  const found = concordance(
    { durations, events },
    scores.map((score) => -score),
  )
  agree('concordance', metricValue(found), value, 1e-12)
})

const scores = (model: { coefficients: Float64Array }, data: number[][]): number[] =>
  data.map((row) => row.reduce((sum, value, column) => sum + value * model.coefficients[column]!, 0))
