// Reference: the Python package lifetimes, versions in the file; made by golden/make/lifetime.py. Its optimisers stop
// earlier than ours, so fitted parameters agree to four digits; predictions are compared at its parameters, to 1e-8.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitted, oneCustomer, readCdnow } from './cdnow.contract.ts'
import {
  type BgNbdModel,
  conditionalExpectedPurchases,
  customerLifetimeValue,
  expectedPurchases,
  expectedSpend,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  type GammaGammaModel,
  type PurchaseModel,
  probabilityAlive,
  purchaseCounts,
} from './index.ts'

interface GoldenPurchases {
  readonly penalty: number
  readonly parameters: readonly [number, number, number, number]
  readonly expected: readonly [horizon: number, value: number][]
  readonly conditional: readonly [number, number, number, horizon: number, value: number][]
  readonly alive: readonly [number, number, number, value: number][]
  readonly counts?: readonly [count: number, horizon: number, value: number][]
}
interface Golden {
  readonly 'bg-nbd': GoldenPurchases
  readonly 'bg-nbd penalised': GoldenPurchases
  readonly 'mbg-nbd': GoldenPurchases
  readonly 'pareto-nbd': GoldenPurchases
  readonly 'gamma-gamma': {
    readonly parameters: readonly [number, number, number]
    readonly logLikelihood: number
    readonly spend: readonly [number, number, number][]
  }
  readonly 'lifetime value': {
    readonly rows: number
    readonly periods: number
    readonly periodLength: number
    readonly discount: number
    readonly value: readonly number[]
  }
}
const { values, agree } = readGolden<{ values: Golden }>(new URL('golden/lifetimes.json', import.meta.url))
const golden = values.values

const fit = { logCovariance: new Float64Array(16), logLikelihood: 0, converged: true, n: 2357 }
const betaGeometric = ([r, alpha, a, b]: GoldenPurchases['parameters']) => {
  const parameters = { r, alpha, a, b }
  return { parameters, standardErrors: parameters, ...fit }
}
const gammaGamma = ([p, q, v]: readonly [number, number, number]): GammaGammaModel => {
  const parameters = { p, q, v }
  return { kind: 'gamma-gamma', parameters, standardErrors: parameters, ...fit }
}
const pareto = ([r, alpha, s, beta]: GoldenPurchases['parameters']): PurchaseModel => {
  const parameters = { r, alpha, s, beta }
  return { kind: 'pareto-nbd', parameters, standardErrors: parameters, ...fit }
}
const bgNbd: BgNbdModel = { kind: 'bg-nbd', ...betaGeometric(golden['bg-nbd'].parameters) }
const close = (method: string, value: number, reference: number, tolerance: number): void =>
  agree(method, value, reference, tolerance, 0)

const models: readonly [name: string, model: PurchaseModel, reference: GoldenPurchases, tolerance: number][] = [
  ['BG/NBD', bgNbd, golden['bg-nbd'], 1e-8],
  ['MBG/NBD', { kind: 'mbg-nbd', ...betaGeometric(golden['mbg-nbd'].parameters) }, golden['mbg-nbd'], 1e-8],
  ['Pareto/NBD', pareto(golden['pareto-nbd'].parameters), golden['pareto-nbd'], 1e-8],
]

test.each(models)('%s predicts as lifetimes does at its parameters', (name, model, reference, tolerance) => {
  for (const [horizon, value] of reference.expected) close(name, expectedPurchases(model, horizon), value, tolerance)
  for (const [x, recency, age, value] of reference.alive) {
    close(name, probabilityAlive(model, oneCustomer(x, recency, age))[0]!, value, tolerance)
  }
  for (const [x, recency, age, horizon, value] of reference.conditional) {
    close(name, conditionalExpectedPurchases(model, oneCustomer(x, recency, age), horizon)[0]!, value, tolerance)
  }
})

test('BG/NBD counts', () => {
  for (const [count, horizon, value] of golden['bg-nbd'].counts!) {
    close('BG/NBD', purchaseCounts(bgNbd, horizon, 60)[count]!, value, 1e-9)
  }
})

test('Gamma-Gamma spend', () => {
  for (const [x, meanSpend, value] of golden['gamma-gamma'].spend) {
    const summaries = { frequency: Float64Array.of(x), meanSpend: Float64Array.of(meanSpend) }
    close('Gamma-Gamma', expectedSpend(gammaGamma(golden['gamma-gamma'].parameters), summaries)[0]!, value, 1e-10)
  }
})

test.skipIf(withoutData)('the fits', () => {
  const cdnow = readCdnow()
  const fits = [
    [fitBgNbd(cdnow), golden['bg-nbd']],
    [fitBgNbd(cdnow, { penalty: golden['bg-nbd penalised'].penalty }), golden['bg-nbd penalised']],
    [fitMbgNbd(cdnow), golden['mbg-nbd']],
    [fitParetoNbd(cdnow), golden['pareto-nbd']],
  ] as const
  for (const [model, reference] of fits) {
    const found = Object.values(fitted<PurchaseModel>(model).parameters)
    for (const [at, value] of reference.parameters.entries()) close('fitted parameters', found[at]!, value, 2e-4)
  }
  const spend = fitted(fitGammaGamma(cdnow))
  const found = Object.values(spend.parameters)
  for (const [at, value] of golden['gamma-gamma'].parameters.entries())
    close('fitted parameters', found[at]!, value, 2e-4)
  expect(spend.logLikelihood).toBeGreaterThanOrEqual(golden['gamma-gamma'].logLikelihood - 1e-6)
})

test.skipIf(withoutData)('lifetime value', () => {
  const { rows, periods, periodLength, discount, value } = golden['lifetime value']
  const cdnow = readCdnow()
  const summaries = {
    frequency: cdnow.frequency.slice(0, rows),
    recency: cdnow.recency.slice(0, rows),
    age: cdnow.age.slice(0, rows),
    meanSpend: cdnow.meanSpend.slice(0, rows),
  }
  const bothModels = { purchases: bgNbd, spend: gammaGamma(golden['gamma-gamma'].parameters) }
  const terms = { periods, periodLength, margin: 1, discountRatePerPeriod: discount }
  const found = customerLifetimeValue(bothModels, summaries, terms)
  // lifetimes gives a customer without a repeat purchase the spend of a customer who spent 0, ours gives everyone's mean.
  for (const [row, expected] of value.entries()) {
    if (summaries.frequency[row]! > 0) close('lifetime value', found.value[row]!, expected, 1e-6)
  }
})
