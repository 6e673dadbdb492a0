// Reference: lifelines on data sets that it brings along (rossi, waltons, leukemia), and statsmodels' PHReg on the same,
// versions in the file; made by golden/make/survival.py.
import { readFileSync } from 'node:fs'
import { matrixFromRows, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
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
const golden: Golden = JSON.parse(readFileSync(new URL('golden/survival.json', import.meta.url), 'utf8'))
const rowsOf = ({ durations, events, weights }: Rows) => ({ durations, events, ...(weights && { weights }) })

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number | null>, relative: number): void {
  expect(found.length).toBe(expected.length)
  for (let at = 0; at < found.length; at += 1) {
    const value = expected[at]!
    // lifelines writes bounds of 0 where nobody is left, we say that they are not known.
    if (value === null || Number.isNaN(found[at])) continue
    expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(relative * Math.max(1e-6, Math.abs(value)))
  }
}

test.each(golden.kaplanMeier)('Kaplan-Meier with Greenwood bounds, median $median', (expected) => {
  const model = fitKaplanMeier(rowsOf(expected), { confidence: 0.9 })
  expect([...model.times]).toEqual(expected.times)
  expect([...model.atRisk]).toEqual(expected.atRisk)
  expect([...model.events]).toEqual(expected.observed)
  expectClose(model.survival, expected.survival, 1e-9)
  expectClose(model.low, expected.low, 1e-9)
  expectClose(model.high, expected.high, 1e-9)
  expect(survivalTime(model, 0.5)).toBe(expected.median)
})

test.each(golden.logRank)('log-rank $statistic', ({ groups, statistic, pValue, ...rows }) => {
  const found = logRankTest(rowsOf(rows), groups)
  if (!found.defined) throw new Error(found.because)
  expect(found.statistic / statistic).toBeCloseTo(1, 10)
  expect(found.pValue / pValue).toBeCloseTo(1, 8)
  const events = rows.events.reduce((sum, event) => sum + event, 0)
  expect(found.groups.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(events, 9)
})

test.each(golden.cox)('Cox by $columns', (expected) => {
  const data = matrixFromRows(expected.data)
  const model = fitCox(data, rowsOf(expected))
  if (model.kind !== 'cox') throw new Error(model.message)
  expect(model.converged).toBe(true)
  // lifelines stops a Newton step before all digits are there; statsmodels does not.
  expectClose(model.coefficients, expected.coefficients, 1e-7)
  expectClose(model.standardErrors!, expected.standardErrors, 1e-7)
  if (expected.exact !== null) {
    expectClose(model.coefficients, expected.exact.coefficients, 1e-9)
    expectClose(model.standardErrors!, expected.exact.standardErrors, 1e-9)
  }
  expect(model.logLikelihood).toBeCloseTo(expected.logLikelihood, 8)
  if (expected.likelihoodRatio !== null) {
    expect(2 * (model.logLikelihood - model.nullLogLikelihood)).toBeCloseTo(expected.likelihoodRatio, 7)
  }
  // lifelines leaves the weights out of its concordance.
  const unweighted = concordance(
    { ...rowsOf(expected), weights: expected.durations.map(() => 1) },
    scores(model, expected.data),
  )
  expect(unweighted.defined && unweighted.value).toBeCloseTo(expected.concordance, 12)
  const survival = predictCoxSurvival(model, takeRows(data, expected.survivalRows), expected.survivalTimes)
  expectClose(survival.values, expected.survival.flat(), 1e-6)
})

test.each(golden.concordance)('concordance with ties', (durations, events, scores, value) => {
  // lifelines takes scores that are higher for whom it happens later.
  const found = concordance(
    { durations, events },
    scores.map((score) => -score),
  )
  expect(found.defined && found.value).toBeCloseTo(value, 12)
})

const scores = (model: { coefficients: Float64Array }, data: number[][]): number[] =>
  data.map((row) => row.reduce((sum, value, column) => sum + value * model.coefficients[column]!, 0))
