import {
  evaluatePolicy,
  type OffPolicyEstimate,
  type OffPolicyValue,
  offPolicyValue,
  uniformPolicy,
} from '../../packages/learn/src/bandits/index.ts'
import {
  type RewardKind,
  simulateLog,
  trueValue,
} from '../../packages/learn/src/bandits/off-policy/simulated.contract.ts'
import { openBanditItems, readOpenBandit } from '../../packages/learn/src/bandits/open-bandit.contract.ts'
import { meanLift, momentsOfShare, momentsOfSums } from '../../packages/learn/src/stats/index.ts'
import { type Measured, needsData, prove } from './record.ts'

// open_bandit_men by the protocol of its README: one policy valued on the other's log, the truth its own mean of clicks.

function valued(found: OffPolicyValue): OffPolicyEstimate {
  if (!found.defined) throw new Error(`no value: ${found.because}`)
  return found
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

prove({
  name: 'bandits-open-bandit',
  claim:
    'the blind policy valued on the log of Thompson sampling: IPW 0.0030086, SNIPW 0.0031894, mean weight 0.943314 as the README has them',
  cannot: needsData,
  measure: () => {
    const log = readOpenBandit('bts')
    const blind = uniformPolicy(log.rewards.length, openBanditItems)
    const ips = valued(offPolicyValue(log, blind, { estimator: 'ips' }))
    const snips = valued(offPolicyValue(log, blind, { estimator: 'snips' }))
    const truth = meanOf(readOpenBandit('random').rewards)
    const range = ({ low, high }: OffPolicyEstimate): string => `${low.toFixed(5)} … ${high.toFixed(5)}`
    return {
      figure:
        `IPW ${ips.value.toFixed(7)} (95 %: ${range(ips)}), SNIPW ${snips.value.toFixed(7)} (${range(snips)}), mean weight ` +
        `${ips.weights.mean.toFixed(6)}, ${ips.weights.effectiveRows.toFixed(0)} effective rows of ${ips.n}, largest weight ` +
        `${ips.weights.largest.toFixed(1)}; clicks under the blind policy ${truth.toFixed(4)}, under Thompson ${meanOf(log.rewards).toFixed(4)}`,
      isMet:
        Math.abs(ips.value - 0.0030086) < 5.1e-8 &&
        Math.abs(snips.value - 0.0031894) < 5.1e-8 &&
        Math.abs(ips.weights.mean - 0.943314) < 5.1e-7,
    }
  },
})

const runs = 1000

/** How the two estimators are tried: the switch is told a limit that it really uses, and refits seldom enough to be quick. */
const trials = {
  'doubly-robust': { decisions: 2000, options: {} },
  'switch-doubly-robust': { decisions: 1000, options: { weightMax: 3, folds: 2, refits: 10 } },
} as const

/** How often the intervals of so many logs hold the truth; seeds are the numbers of the runs. */
async function coverage(kind: RewardKind, estimator: keyof typeof trials): Promise<{ share: number; words: string }> {
  const { decisions, options } = trials[estimator]
  const truth = trueValue(kind)
  let [held, bias, error, switched] = [0, 0, 0, 0]
  for (let run = 1; run <= runs; run += 1) {
    const { contexts, log, policy } = simulateLog(kind, decisions, run)
    const found = valued(await evaluatePolicy(contexts, log, policy, { estimator, seed: run, ...options }))
    held += Number(found.low <= truth && truth <= found.high)
    bias += (found.value - truth) / runs
    error += found.standardError / runs
    switched += found.weights.clippedMass / runs
  }
  const left = switched > 0 ? `, ${(100 * switched).toFixed(1)} % of the policy left to predictions` : ''
  return {
    share: held / runs,
    words:
      `${kind}s: ${((100 * held) / runs).toFixed(1)} % of ${runs} logs of ${decisions} decisions, true value ` +
      `${truth.toFixed(4)}, mean error ${bias.toFixed(5)}, mean standard error ${error.toFixed(4)}${left}`,
  }
}

async function coverageOf(estimator: keyof typeof trials): Promise<Measured> {
  const found = [await coverage('amount', estimator), await coverage('click', estimator)]
  return {
    figure: found.map(({ words }) => words).join('; '),
    isMet: found.every(({ share }) => share >= 0.935 && share <= 0.965),
  }
}

const covers = '95 % intervals hold the known value of simulated logs in 93.5 to 96.5 % of 1,000 runs'

prove({
  name: 'bandits-coverage-dr',
  claim: `doubly robust, linear predictions, of amounts and of clicks: ${covers}`,
  measure: () => coverageOf('doubly-robust'),
})

prove({
  name: 'bandits-coverage-switch',
  claim: `switch doubly robust, weights above 3 left to the predictions: ${covers}`,
  measure: () => coverageOf('switch-doubly-robust'),
})

// growthbook_vectors: the figures of GrowthBook's own tests, as the README of the data set has them.

const growthBookCases = [
  {
    what: 'relative',
    found: () => meanLift(momentsOfSums(3407, 1396.87, 52377.9767), momentsOfSums(3461, 2422.7, 134698.29)),
    published: [0.70732, -0.03526, 1.44989, 0.37879, 0.06191],
  },
  {
    what: 'absolute',
    found: () =>
      meanLift(momentsOfSums(3407, 1396.87, 52377.9767), momentsOfSums(3461, 2422.7, 134698.29), { relative: false }),
    published: [0.29, 0.04538, 0.53462, 0.12478, 0.02016],
  },
  {
    what: 'shares, relative',
    found: () => meanLift(momentsOfShare({ successes: 14, n: 28 }), momentsOfShare({ successes: 16, n: 30 })),
    published: [0.06667, -0.47767, 0.61101, 0.2717, 0.80707],
  },
]

prove({
  name: 'stats-growthbook',
  claim: "GrowthBook's frequentist cases (lift, interval, standard error, p value) to all five published digits",
  measure: () => {
    const rows = growthBookCases.map(({ what, found, published }) => {
      const lift = found()
      if (!lift.defined) throw new Error(`no lift: ${lift.because}`)
      const numbers = [lift.lift, lift.low, lift.high, lift.standardError, lift.pValue]
      return {
        words: `${what} ${numbers.map((value) => value.toFixed(5)).join(' / ')}`,
        isSame: numbers.every((value, at) => Number(value.toFixed(5)) === published[at]),
      }
    })
    return { figure: rows.map(({ words }) => words).join('; '), isMet: rows.every(({ isSame }) => isSame) }
  },
})
