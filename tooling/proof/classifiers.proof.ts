import { auditFairness, type GroupGap } from '../../packages/learn/src/fairness/index.ts'
import { type LabelledSetName, loadLabelledSet } from '../labelled-sets.ts'
import { byBoosting, byLogistic, type Figures, judgeOutOfFold, references, shortfalls } from '../out-of-fold.ts'
import { needsData, prove } from './record.ts'

// The protocol of the data sets' READMEs: five folds by row index modulo 5, AUC as the mean of the folds, the other figures
// over all rows as predicted out of fold; nothing is learned outside the training folds.

const words: Record<keyof Figures, string> = {
  auc: 'AUC',
  logLoss: 'log loss',
  brier: 'Brier',
  averagePrecision: 'average precision',
  accuracy: 'accuracy',
  lift: 'lift at 10 %',
}
const target = 'AUC within 0.002 of the reference or better, log loss and Brier at most 0.001 above it'
const methods = {
  logistic: { predict: byLogistic, claim: 'logistic regression with its defaults' },
  boosting: { predict: byBoosting, claim: 'boosting with its defaults, text as categories' },
}

const names = ['telco', 'leads', 'shoppers', 'adult'] as const satisfies readonly LabelledSetName[]

for (const name of names) {
  for (const [method, { predict, claim }] of Object.entries(methods)) {
    const reference: Partial<Figures> = references[name][method as keyof typeof methods]
    prove({
      name: `${name}-${method}`,
      claim: `${claim}: ${target}`,
      cannot: needsData,
      measure: async () => {
        const found = await judgeOutOfFold(name, predict)
        const inWords = (Object.keys(reference) as (keyof Figures)[]).map(
          (figure) => `${words[figure]} ${found[figure].toFixed(4)} (${reference[figure]})`,
        )
        return {
          figure: `ours (reference): ${inWords.join(', ')}`,
          isMet: shortfalls(found, reference).length === 0,
        }
      },
    })
  }
}

prove({
  name: 'adult-parity',
  claim:
    'the audit of who earns much by sex: statistical parity difference 0.196276 and disparate impact 0.35802 as in the README, each with its interval',
  cannot: needsData,
  measure: () => {
    const { columns, labels } = loadLabelledSet('adult')
    const sex = columns.find(({ name }) => name === 'sex')!
    if (sex.kind !== 'text') throw new Error('sex must be a column of text')
    const { demographicParity, selectionRatio } = auditFairness(labels, labels, [sex]).groupings[0]!
    const words = (gap: GroupGap): string =>
      gap.defined ? `${gap.value.toFixed(6)} (${gap.low.toFixed(4)} … ${gap.high.toFixed(4)})` : gap.because
    const isNear = (gap: GroupGap, published: number): boolean =>
      gap.defined && Math.abs(gap.value - published) < 5.1e-6
    return {
      figure: `difference ${words(demographicParity)}, ratio ${words(selectionRatio)}`,
      isMet: isNear(demographicParity, 0.196276) && isNear(selectionRatio, 0.35802),
    }
  },
})
