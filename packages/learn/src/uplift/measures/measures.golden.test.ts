import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gainScores } from './gain-scores.ts'
import { type TopStrategy, upliftAtTop } from './uplift-at-top.ts'
import { upliftBySlice, weightedAverageUplift } from './uplift-by-slice.ts'
import { auuc, qini, type UpliftScore, upliftCurve } from './uplift-scores.ts'

// Reference: scikit-uplift (cases) and causalml (gains); made by golden/make/uplift-measures.py. The same sums in another
// order: 1e-12 is asked.
interface Case {
  readonly score: number[]
  readonly qini: number
  readonly qiniWithoutHarm: number
  readonly auuc: number
  readonly qiniCurve: [number, number][]
  readonly upliftCurve: [number, number][]
  readonly tops: { readonly share: number; readonly strategy: TopStrategy; readonly value: number }[]
  readonly slices: {
    readonly strategy: TopStrategy
    readonly slices: number
    readonly treated: number[]
    readonly control: number[]
    readonly uplift: number[]
    readonly standardError: number[]
    readonly average: number
  }[]
}

const golden = JSON.parse(readFileSync(new URL('../golden/uplift-measures.json', import.meta.url), 'utf8')) as {
  readonly treated: number[]
  readonly outcomes: number[]
  readonly amounts: number[]
  readonly cases: { readonly tied: Case; readonly fine: Case }
  readonly gains: Record<'binary' | 'amounts', { readonly auuc: number; readonly qini: number }>
}
const { treated, outcomes } = golden
const arms = { treated, outcomes }

const expectScore = (score: UpliftScore, expected: number): void => {
  expect(score.defined && score.value).toBeCloseTo(expected, 12)
}

test.each(Object.entries(golden.cases))('%s scores: areas and curves as scikit-uplift', (_, expected) => {
  expectScore(qini(expected.score, arms), expected.qini)
  expectScore(qini(expected.score, arms, { negativeEffects: false }), expected.qiniWithoutHarm)
  expectScore(auuc(expected.score, arms), expected.auuc)
  for (const [kind, points] of [
    ['qini', expected.qiniCurve],
    ['uplift', expected.upliftCurve],
  ] as const) {
    const found = upliftCurve(kind, expected.score, arms)
    expect(found).toHaveLength(points.length)
    found.forEach(({ reached, gained }, at) => {
      expect(reached).toBe(points[at]![0])
      expect(gained).toBeCloseTo(points[at]![1], 10)
    })
  }
})

test.each(Object.entries(golden.cases))('%s scores: uplift at the top and by slice as scikit-uplift', (_, expected) => {
  for (const { value, ...options } of expected.tops) expectScore(upliftAtTop(expected.score, arms, options), value)
  for (const { strategy, slices, ...wanted } of expected.slices) {
    const found = upliftBySlice(expected.score, arms, { strategy, slices })
    expect(found.map((slice) => slice.treated)).toEqual(wanted.treated)
    expect(found.map((slice) => slice.control)).toEqual(wanted.control)
    found.forEach((slice, at) => {
      expect(slice.uplift).toBeCloseTo(wanted.uplift[at]!, 12)
      expect(slice.standardError).toBeCloseTo(wanted.standardError[at]!, 12)
    })
    expect(weightedAverageUplift(found)).toBeCloseTo(wanted.average, 12)
  }
})

test.each([
  ['binary', outcomes],
  ['amounts', golden.amounts],
] as const)('gains of %s outcomes as causalml', (name, own) => {
  const found = gainScores(golden.cases.fine.score, { treated, outcomes: own })
  expectScore(found.auuc, golden.gains[name].auuc)
  expectScore(found.qini, golden.gains[name].qini)
})
