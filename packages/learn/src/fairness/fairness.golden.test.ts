import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  applyReweighing,
  auditFairness,
  type FairThresholdOptions,
  fairSelection,
  fitFairThresholds,
  fitReweighing,
  type GroupGap,
  type Rate,
} from './index.ts'

// Reference: fairlearn, statsmodels and aif360; made by golden/make/fairness.py. Rates and gaps are the same arithmetic, so
// 1e-12 is asked.
interface Golden {
  readonly audit: {
    readonly region: string[]
    readonly sex: string[]
    readonly labels: number[]
    readonly scores: number[]
    readonly weights: number[]
    readonly groupings: {
      readonly attributes: string[]
      readonly weighted: boolean
      readonly groups: { values: string[]; selection: number; truePositive: number; falsePositive: number }[]
      readonly demographicParity: number
      readonly selectionRatio: number
      readonly equalOpportunity: number
      readonly equalisedOdds: number
    }[]
    readonly sexIntervals: { readonly demographicParity: number[]; readonly selectionRatio: number[] }
  }
  readonly thresholds: {
    readonly groups: string[]
    readonly labels: number[]
    readonly scores: number[]
    readonly fits: {
      constraint: string
      objective: 'accuracy_score' | 'balanced_accuracy_score'
      rate: number
      value: number
      chances: number[]
    }[]
  }
  readonly reweighing: { readonly plain: number[]; readonly weighted: number[] }
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/fairness.json', import.meta.url))
const { region, sex, labels, scores, weights } = golden.audit
const attributes = [
  { name: 'region', values: region },
  { name: 'sex', values: sex },
]

const numberOf = (of: Rate | GroupGap): number => (of.defined ? of.value : Number.NaN)
const gaps = ['demographicParity', 'selectionRatio', 'equalOpportunity', 'equalisedOdds'] as const
const rates = ['selection', 'truePositive', 'falsePositive'] as const

test.each(golden.audit.groupings)(
  '$attributes, weighted: $weighted, rates and gaps are those of fairlearn',
  (expected) => {
    const options = { rowsMin: 1, ...(expected.weighted ? { weights } : {}) }
    const { groupings } = auditFairness(scores, labels, attributes, options)
    const found = groupings.find((grouping) => grouping.attributes.join() === expected.attributes.join())!
    expect(found.groups.map(({ values }) => values)).toEqual(expected.groups.map(({ values }) => values))
    for (const [at, group] of expected.groups.entries()) {
      for (const rate of rates) agree('fairness audit', numberOf(found.groups[at]![rate]), group[rate], 1e-12)
    }
    for (const gap of gaps) agree('fairness audit', numberOf(found[gap]), expected[gap], 1e-12)
  },
)

test('with two groups the intervals of difference and ratio are those of statsmodels', () => {
  const [found] = auditFairness(scores, labels, attributes.slice(1)).groupings
  for (const gap of ['demographicParity', 'selectionRatio'] as const) {
    const { low, high } = found![gap] as GroupGap & { defined: true }
    agree('intervals of gaps', [low, high], golden.audit.sexIntervals[gap], 1e-10)
  }
})

const constraints: Record<string, FairThresholdOptions['constraint']> = {
  demographic_parity: 'demographic-parity',
  true_positive_rate_parity: 'equal-opportunity',
  equalized_odds: 'equalised-odds',
}

// Group sizes put every corner on fairlearn's grid of 1,001 rates, where its optimum then is the exact one.
test.each(golden.thresholds.fits)('$constraint, $objective: the optimum is that of fairlearn', (expected) => {
  const { groups } = golden.thresholds
  const model = fitFairThresholds(golden.thresholds.scores, golden.thresholds.labels, groups, {
    constraint: constraints[expected.constraint]!,
    objective: expected.objective === 'accuracy_score' ? 'accuracy' : 'balanced-accuracy',
  })
  const positives = golden.thresholds.labels.filter((label) => label === 1).length
  const share = positives / golden.thresholds.labels.length
  // Of equalised odds fairlearn keeps the true positive rate of the optimum, of the others its accuracy.
  const right = { accuracy_score: share, balanced_accuracy_score: 0.5 }[expected.objective]!
  const value =
    expected.constraint === 'equalized_odds'
      ? right * expected.value + (1 - right) * (1 - expected.rate)
      : expected.value
  agree('fair thresholds', model.value, value, 1e-12)
  agree('fair thresholds', fairSelection(model, golden.thresholds.scores, groups), expected.chances, 1e-9)
})

test.each(['plain', 'weighted'] as const)('reweighing, %s: weights are those of aif360', (kind) => {
  const own = kind === 'weighted' ? weights : undefined
  const found = applyReweighing(fitReweighing(labels, sex, own), labels, sex, own)
  agree('reweighing', found, golden.reweighing[kind], 1e-12)
})
