import { columnOf, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import type { Column } from '../preparation/index.ts'
import { columnVariances, informationValue, lassoScores, mutualInformation, netInformationValue } from './index.ts'

// Reference: scikit-learn 1.9.1, category_encoders 2.11.2 and pylift 0.1.5; made by golden/make/feature-selection.py.
const { values: golden, agree } = readGolden<{
  data: number[][]
  amounts: number[]
  labels: number[]
  words: string[]
  treated: number[]
  holes: (number | null)[][]
  variances: number[]
  information: { neighbours: number; amounts: number[]; labels: number[]; groups: number[] }[]
  betweenClasses: number
  evidence: number[]
  netEvidence: number[]
  netValueByDensity: number
  netDensity: number[]
  lasso: { task: 'classes' | 'amounts'; penalty: number; scores: number[] }[]
}>(new URL('golden/feature-selection.json', import.meta.url))
const data = matrixFromRows(golden.data)
const numbers = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
})
const words: Column = { name: 'group', kind: 'text', values: golden.words }
/** The category of a single row counted with the one before it, as the reference has it. */
const four: Column = { name: 'group', kind: 'text', values: golden.words.map((word) => (word === 'e' ? 'd' : word)) }

// The noise against equal values is drawn apart: it moves means of digammas by less than 1e-9 where no values are equal.
test.each(golden.information)('mutual information as scikit-learn, $neighbours neighbours', (expected) => {
  for (const [target, reference] of [
    [numbers('amount', golden.amounts), expected.amounts],
    [numbers('label', golden.labels), expected.labels],
    [words, expected.groups],
  ] as const) {
    reference.forEach((information, column) => {
      const found = mutualInformation(numbers('x', columnOf(data, column)), target, {
        neighbours: expected.neighbours,
        seed: 1,
      })
      agree('mutual information', found, information, 1e-9)
    })
  }
})

test('mutual information of classes with classes as scikit-learn', () => {
  const found = mutualInformation(words, numbers('label', golden.labels), { seed: 1 })
  agree('mutual information', found, golden.betweenClasses, 1e-12)
})

test('variances as scikit-learn, missing values left out', () => {
  const holes = matrixFromRows(golden.holes.map((row) => row.map((value) => value ?? Number.NaN)))
  agree('variance', columnVariances(holes), golden.variances, 1e-12, 0)
})

test('weight of evidence as category_encoders', () => {
  const { bins, value } = informationValue(four, golden.labels, { smoothing: 0, rowsMin: 1 })
  let sum = 0
  const total = (side: 'positives' | 'negatives') => bins.reduce((all, bin) => all + bin[side], 0)
  bins.forEach(({ evidence, positives, negatives }, at) => {
    agree('weight of evidence', evidence, golden.evidence[at]!, 1e-12)
    sum += (positives / total('positives') - negatives / total('negatives')) * golden.evidence[at]!
  })
  agree('weight of evidence', value, sum, 1e-12)
})

// pylift weighs each bin by its share of rows, which the literature does not: taken out for the evidence, put in for the value.
test('net weight of evidence as pylift', () => {
  const { bins } = netInformationValue(four, golden.labels, golden.treated, { rowsMin: 1 })
  bins.forEach(({ evidence }, at) => {
    agree('net weight of evidence', evidence, golden.netEvidence[at]!, 1e-12)
  })
  const share = (outcome: number, treated: number, at: number) => {
    const rows = golden.labels
      .map((_, row) => row)
      .filter((row) => golden.labels[row] === outcome && golden.treated[row] === treated)
    return (rows.filter((row) => four.values[row] === 'abcd'[at]).length + 1) / (rows.length + 4)
  }
  const byDensity = bins.reduce((sum, { evidence }, at) => {
    const weight = share(1, 1, at) * share(0, 0, at) - share(0, 1, at) * share(1, 0, at)
    return sum + weight * evidence * golden.netDensity[at]!
  }, 0)
  agree('net weight of evidence', byDensity, golden.netValueByDensity, 1e-12)
})

// Both stop near the optimum: coefficients agree to 1e-6, and exactly in which are 0.
test.each(golden.lasso)(
  'columns kept by the lasso as scikit-learn: $task, penalty $penalty',
  ({ scores, ...options }) => {
    const found = lassoScores(data, options.task === 'classes' ? golden.labels : golden.amounts, {
      ...options,
      seed: 1,
    })
    scores.forEach((score, column) => {
      expect(found[column] === 0).toBe(score === 0)
      agree('lasso scores', found[column]!, score, 1e-6)
    })
  },
)
