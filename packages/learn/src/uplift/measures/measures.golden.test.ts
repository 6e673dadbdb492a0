import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
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

const { values: golden, agree } = readGolden<{
  readonly treated: number[]
  readonly outcomes: number[]
  readonly amounts: number[]
  readonly cases: { readonly tied: Case; readonly fine: Case }
  readonly gains: Record<'binary' | 'amounts', { readonly auuc: number; readonly qini: number }>
}>(new URL('../golden/uplift-measures.json', import.meta.url))
const { treated, outcomes } = golden
const arms = { treated, outcomes }

const expectScore = (method: string, score: UpliftScore, expected: number): void =>
  agree(method, score.defined ? score.value : Number.NaN, expected, 1e-12)

test.each(Object.entries(golden.cases))('%s scores: areas and curves as scikit-uplift', (_, expected) => {
  expectScore('Qini', qini(expected.score, arms), expected.qini)
  expectScore('Qini', qini(expected.score, arms, { negativeEffects: false }), expected.qiniWithoutHarm)
  expectScore('AUUC', auuc(expected.score, arms), expected.auuc)
  for (const [kind, points] of [
    ['qini', expected.qiniCurve],
    ['uplift', expected.upliftCurve],
  ] as const) {
    const found = upliftCurve(kind, expected.score, arms)
    expect(found).toHaveLength(points.length)
    found.forEach(({ reached, gained }, at) => {
      expect(reached).toBe(points[at]![0])
      agree(kind === 'qini' ? 'Qini' : 'AUUC', gained, points[at]![1], 1e-10)
    })
  }
})

test.each(Object.entries(golden.cases))('%s scores: uplift at the top and by slice as scikit-uplift', (_, expected) => {
  for (const { value, ...options } of expected.tops) {
    expectScore('uplift at the top and by slice', upliftAtTop(expected.score, arms, options), value)
  }
  for (const { strategy, slices, ...wanted } of expected.slices) {
    const found = upliftBySlice(expected.score, arms, { strategy, slices })
    expect(found.map((slice) => slice.treated)).toEqual(wanted.treated)
    expect(found.map((slice) => slice.control)).toEqual(wanted.control)
    found.forEach((slice, at) => {
      const { uplift, standardError } = slice
      agree(
        'uplift at the top and by slice',
        [uplift, standardError],
        [wanted.uplift[at]!, wanted.standardError[at]!],
        1e-12,
      )
    })
    agree('uplift at the top and by slice', weightedAverageUplift(found), wanted.average, 1e-12)
  }
})

test.each([
  ['binary', outcomes],
  ['amounts', golden.amounts],
] as const)('gains of %s outcomes as causalml', (name, own) => {
  const found = gainScores(golden.cases.fine.score, { treated, outcomes: own })
  expectScore('gains of ranked customers', found.auuc, golden.gains[name].auuc)
  expectScore('gains of ranked customers', found.qini, golden.gains[name].qini)
})
