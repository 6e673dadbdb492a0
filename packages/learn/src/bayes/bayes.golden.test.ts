import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { type BayesModel, fitBernoulliBayes, fitGaussianBayes, fitMultinomialBayes, predictBayes } from './index.ts'

interface Both {
  plain: number[][]
  weighted: number[][]
}

// Reference: scikit-learn 1.9.1 GaussianNB, MultinomialNB and BernoulliNB; made by golden/make/bayes-neighbours.py. GaussianNB
// takes its smoothing from the variance without weights, which leaves six digits where there are weights.
const { values: golden, agree } = readGolden<{
  x: number[][]
  later: number[][]
  counts: number[][]
  laterCounts: number[][]
  label: number[]
  weights: number[]
  gaussian: Both
  multinomial: Both
  bernoulli: Both
  priors: number[][]
}>(new URL('golden/bayes.json', import.meta.url))
const { label, weights } = golden
const x = matrixFromRows(golden.x)
const later = matrixFromRows(golden.later)
const counts = matrixFromRows(golden.counts)
const laterCounts = matrixFromRows(golden.laterCounts)

const names = { 'gaussian-bayes': 'Gaussian', 'multinomial-bayes': 'multinomial', 'bernoulli-bayes': 'Bernoulli' }

function expectRows(model: BayesModel, data: Matrix, expected: readonly number[][], tolerance = 1e-8): void {
  agree(`${names[model.kind]} naive Bayes`, predictBayes(model, data).values, expected.flat(), tolerance)
}

test('numbers as GaussianNB', () => {
  expectRows(fitGaussianBayes(x, label), later, golden.gaussian.plain)
  expectRows(fitGaussianBayes(x, label, { weights }), later, golden.gaussian.weighted, 1e-6)
  expectRows(fitGaussianBayes(x, label, { priors: [0.2, 0.5, 0.3] }), later, golden.priors)
})

test('counts as MultinomialNB', () => {
  expectRows(fitMultinomialBayes(counts, label, { smoothing: 0.5 }), laterCounts, golden.multinomial.plain)
  expectRows(fitMultinomialBayes(counts, label, { smoothing: 0.5, weights }), laterCounts, golden.multinomial.weighted)
})

test('presence as BernoulliNB', () => {
  expectRows(fitBernoulliBayes(counts, label, { smoothing: 0.5 }), laterCounts, golden.bernoulli.plain)
  expectRows(fitBernoulliBayes(counts, label, { smoothing: 0.5, weights }), laterCounts, golden.bernoulli.weighted)
})
