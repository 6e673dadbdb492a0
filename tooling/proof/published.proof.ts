import { readFileSync } from 'node:fs'
import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { assignKMeans, fitKMeans, silhouette } from '../../packages/learn/src/clustering/index.ts'
import { fitted, readCdnow } from '../../packages/learn/src/lifetime/cdnow.contract.ts'
import { fitBgNbd, fitGammaGamma, fitMbgNbd } from '../../packages/learn/src/lifetime/index.ts'
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
