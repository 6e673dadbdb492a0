import { readFileSync } from 'node:fs'
import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { assignKMeans, fitKMeans, silhouette } from '../../packages/learn/src/clustering/index.ts'
import { fitted, oneCustomer, readCdnow } from '../../packages/learn/src/lifetime/cdnow.contract.ts'
import {
  conditionalExpectedPurchases,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  probabilityAlive,
} from '../../packages/learn/src/lifetime/index.ts'
import { dataPath } from '../test-data.ts'
import { inWords, type Measured, needsData, prove } from './record.ts'
import { scoreExampleOrders } from './rfm-orders.ts'

// Published figures with their sources: the READMEs of the data sets cdnow, rfm_orders and mall_customers.

/** Whether two numbers are the same when both are written with three significant digits. */
const agrees = (found: number, published: number): boolean => {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(published))) - 2)
  // A last digit that was rounded from just beside one half may fall on either side.
  return Math.abs(found - published) <= 0.5 * unit * (1 + 1e-9)
}

/** Sets what was found beside what was published. */
function beside(
  found: Readonly<Record<string, number>>,
  published: Readonly<Record<string, number>>,
  likelihood?: readonly [found: number, published: number],
): Measured {
  const names = Object.keys(published)
  const isMet = names.every((name) => agrees(found[name]!, published[name]!))
  const words = `${inWords(found, 4)} (published ${names.map((name) => published[name]).join(', ')})`
  if (!likelihood) return { figure: `${words}; no log-likelihood was published`, isMet }
  return {
    figure: `${words}; log-likelihood ${likelihood[0].toFixed(4)} (published ${likelihood[1]})`,
    // Three digits of a likelihood near -9582 say nothing, so its second decimal is asked; the summaries in the file are
    // rounded to two decimals, which moves the third.
    isMet: isMet && Math.abs(likelihood[0] - likelihood[1]) < 0.01,
  }
}

prove({
  name: 'cdnow-bg-nbd',
  claim: 'BG/NBD parameters as published to 3 significant digits, log-likelihood within 0.01',
  cannot: needsData,
  measure: () => {
    const { parameters, logLikelihood } = fitted(fitBgNbd(readCdnow()))
    const { r, alpha, a, b } = parameters
    return beside({ r, alpha, a, b }, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, [logLikelihood, -9582.429])
  },
})

prove({
  name: 'cdnow-mbg-nbd',
  claim: 'MBG/NBD parameters as published to 3 significant digits',
  cannot: needsData,
  measure: () => {
    const { parameters, logLikelihood } = fitted(fitMbgNbd(readCdnow()))
    const { r, alpha, a, b } = parameters
    const measured = beside({ r, alpha, a, b }, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 })
    return { ...measured, figure: `${measured.figure}; ours is ${logLikelihood.toFixed(4)}` }
  },
})

prove({
  name: 'cdnow-gamma-gamma',
  claim:
    'Gamma-Gamma parameters as published to 3 significant digits, log-likelihood within 0.01, on the 946 who bought again',
  cannot: needsData,
  measure: () => {
    const { frequency, meanSpend } = readCdnow()
    const { parameters, logLikelihood, n } = fitted(fitGammaGamma({ frequency, meanSpend }))
    const { p, q, v } = parameters
    const measured = beside({ p, q, v }, { p: 6.25, q: 3.74, v: 15.44 }, [logLikelihood, -4055.9177])
    return { figure: `${measured.figure}, ${n} customers`, isMet: measured.isMet && n === 946 }
  },
})

prove({
  name: 'cdnow-pareto-nbd',
  claim:
    'Pareto/NBD parameters and their standard errors as published to 3 significant digits, log-likelihood within 0.01',
  cannot: needsData,
  measure: () => {
    const { parameters, standardErrors, logLikelihood } = fitted(fitParetoNbd(readCdnow()))
    const { r, alpha, s, beta } = parameters
    const ofParameters = beside({ r, alpha, s, beta }, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, [
      logLikelihood,
      -9594.976,
    ])
    const ofErrors = beside(
      { r: standardErrors.r, alpha: standardErrors.alpha, s: standardErrors.s, beta: standardErrors.beta },
      { r: 0.0476264, alpha: 0.8427222, s: 0.1872594, beta: 6.2105448 },
    )
    const errors = ofErrors.figure.replace('; no log-likelihood was published', '')
    return { figure: `${ofParameters.figure}; standard errors ${errors}`, isMet: ofParameters.isMet && ofErrors.isMet }
  },
})

prove({
  name: 'cdnow-points',
  claim:
    'point checks as published to 3 significant digits: what BG/NBD expects of everybody after 0.1429, 1, 3, 31.8571, 32 and 78 weeks and of one customer, P(alive); the same of Pareto/NBD',
  cannot: needsData,
  measure: () => {
    const beta = fitted(fitBgNbd(readCdnow()))
    const pareto = fitted(fitParetoNbd(readCdnow()))
    const buyer = oneCustomer(26, 30.86, 31)
    const checks = [
      ...[0.1429, 1, 3, 31.8571, 32, 78].map((weeks) => expectedPurchases(beta, weeks)),
      conditionalExpectedPurchases(beta, oneCustomer(2, 30.43, 38.86), 39)[0]!,
      // Published for a recency of 30.86, which is 216 days; the last digit shows the difference.
      probabilityAlive(beta, oneCustomer(26, 216 / 7, 31))[0]!,
      conditionalExpectedPurchases(pareto, buyer, 52)[0]!,
      probabilityAlive(pareto, buyer)[0]!,
    ]
    const published = [
      '0.0078',
      '0.0532',
      '0.1506',
      '1.0405',
      '1.0437',
      '1.8576',
      '1.226',
      '0.96885',
      '25.46',
      '0.9979',
    ]
    const decimals = (text: string): number => text.length - text.indexOf('.') - 1
    const pairs = published.map((text, at) => ({ text, found: checks[at]! }))
    return {
      figure: `ours (published): ${pairs.map(({ text, found }) => `${found.toFixed(decimals(text))} (${text})`).join(', ')}`,
      // At the published parameters too 78 weeks make 1.8580: the spreadsheet cut its series short.
      isMet: pairs.every(
        ({ text, found }) =>
          Math.abs(found - Number(text)) <= Math.max(0.51 * 10 ** -decimals(text), 5e-4 * Number(text)),
      ),
    }
  },
})

prove({
  name: 'rfm-scores',
  claim: 'all 995 customers scored, and the five that the package publishes with their values and scores',
  cannot: needsData,
  measure: () => {
    const { customers, five } = scoreExampleOrders()
    const isSame = five.every(({ found, published }) => found.slice(0, 4).join() === published.slice(0, 4).join())
    const scores = five.map(({ name, found }) => `${name} ${found[3]}`).join(', ')
    return { figure: `${customers} customers; ${scores}`, isMet: isSame && customers === 995 }
  },
})

prove({
  name: 'rfm-segments',
  claim: 'the five in the segments that the package publishes, everybody in exactly one',
  cannot: needsData,
  measure: () => {
    const { inSegments, five } = scoreExampleOrders()
    const isSame = five.every(({ found, published }) => found[4] === published[4])
    const names = five.map(({ name, found }) => `${name}: ${found[4]}`).join(', ')
    return { figure: `${names}; segments hold ${inSegments} customers together`, isMet: isSame && inSegments === 995 }
  },
})

const mallCustomers = (): Matrix =>
  matrixFromRows(
    readFileSync(dataPath('mall_customers', 'Mall_Customers.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(3).map(Number)),
  )

const mallClusters = [3, 4, 5, 6] as const

prove({
  name: 'mall-inertias',
  claim: 'k-means inertias for k = 3…6 as published (106348.37306, 73679.78904, 44448.45545, 37233.81451)',
  cannot: needsData,
  measure: async () => {
    const published = [106348.37306, 73679.78904, 44448.45545, 37233.81451]
    const mall = mallCustomers()
    const found: number[] = []
    for (const clusters of mallClusters) {
      found.push((await fitKMeans(mall, { clusters, starts: 50, seed: 2 })).inertia)
    }
    return {
      figure: found.map((inertia, at) => `k = ${mallClusters[at]}: ${inertia.toFixed(5)}`).join(', '),
      isMet: found.every((inertia, at) => Math.abs(inertia - published[at]!) < 5.1e-6),
    }
  },
})

prove({
  name: 'mall-silhouettes',
  claim: 'silhouettes for k = 3…6 as published (0.467614, 0.493196, 0.553932, 0.539761)',
  cannot: needsData,
  measure: async () => {
    const published = [0.467614, 0.493196, 0.553932, 0.539761]
    const mall = mallCustomers()
    const found: number[] = []
    for (const clusters of mallClusters) {
      const model = await fitKMeans(mall, { clusters, starts: 50, seed: 2 })
      found.push((await silhouette(mall, (await assignKMeans(model, mall)).labels)).mean)
    }
    return {
      figure: found.map((mean, at) => `k = ${mallClusters[at]}: ${mean.toFixed(6)}`).join(', '),
      isMet: found.every((mean, at) => Math.abs(mean - published[at]!) < 5.1e-7),
    }
  },
})
