import {
  type CandidateKind,
  candidateNames,
  fitCandidate,
  hasRecency,
  logLosses,
  type ProbabilityCalibration,
  probabilitiesOf,
} from '../../candidates.ts'
import { meanOf } from '../../choose-by-loss.ts'
import type { LabelledRows } from '../../customer-rows.ts'
import { judge } from '../../judge.ts'
import { effectsOf, type Scorer } from '../../scorer.ts'
import type { OutcomeRows } from '../asking/cuts.ts'
import type { Figure, Method } from './method.ts'

/** A calibrated model of whether something happens. Plain data. */
export interface FittedEvents {
  readonly kind: 'events'
  readonly scorer: Scorer
  readonly calibration: ProbabilityCalibration
}

/** Whether something happens: logistic regression, a random forest and boosting, beside a guess by recency alone. */
export const eventMethod: Method<FittedEvents, CandidateKind> = {
  kinds: (rows) => [hasRecency(rows) ? 'recency' : 'share', 'logistic', 'forest', 'boosting'],
  nameOf: (kind) => candidateNames[kind],
  measure: 'log loss',
  fit: async (kind, rows, seed, work) => {
    const labelled = labelledOf(rows)
    const { scorer, calibration, honest } = await fitCandidate(kind, labelled, wantedOf(rows), { seed }, work)
    return {
      name: candidateNames[kind],
      fitted: { kind: 'events', scorer, calibration },
      losses: logLosses(honest, labelled.labels),
    }
  },
  refit: async (kind, { scorer: like }, rows, seed, work) => {
    const { scorer, calibration } = await fitCandidate(kind, labelledOf(rows), wantedOf(rows), { seed, like }, work)
    return { kind: 'events', scorer, calibration }
  },
  predict: (fitted, rows) => ({ value: probabilitiesOf(fitted, rows) }),
  effects: ({ scorer, calibration }, rows, work) =>
    scorer.kind === 'constant' || calibration.kind === 'share' ? undefined : effectsOf(scorer, rows, work),
  told: { raises: 'makes it likelier', lowers: 'makes it less likely' },
  losses: (fitted, rows) => logLosses(inward(probabilitiesOf(fitted, rows)), rows.outcomes),
  judge: (name, fitted, rows) => {
    const { labels } = labelledOf(rows)
    const probabilities = probabilitiesOf(fitted, rows)
    const quality = judge(name, probabilities, labels)
    const { rocAuc, rocAucInterval, prAuc, liftTop10, calibration } = quality
    const squares = probabilities.map((probability, row) => (probability - labels[row]!) ** 2)
    return {
      name,
      figures: [
        withNormalInterval('log loss', logLosses(inward(probabilities), labels)),
        { name: 'ROC AUC', value: rocAuc, interval: rocAucInterval },
        withNormalInterval('Brier', squares),
        { name: 'PR AUC', value: prAuc, interval: null },
        { name: 'lift of the best tenth', value: liftTop10, interval: null },
      ],
      calibration,
    }
  },
  compared: (fitted, rows) => ({ said: probabilitiesOf(fitted, rows), came: rows.outcomes }),
  sides: (rows) => labelledOf(rows).labels,
}

const wantedOf = ({ features }: OutcomeRows): readonly number[] => features.map((_, position) => position)

export const labelledOf = (rows: OutcomeRows): LabelledRows => ({
  ...rows,
  labels: Uint8Array.from(rows.outcomes, (outcome) => (outcome > 0 ? 1 : 0)),
})

/** So that one that was sure and wrong does not lose without end. */
const inward = (probabilities: Float64Array): Float64Array =>
  probabilities.map((probability) => Math.min(1 - 1e-6, Math.max(1e-6, probability)))

/** The mean of one figure a customer, with the interval of such a mean. */
export function withNormalInterval(name: string, values: Float64Array): Figure {
  const value = meanOf(values)
  const error = Math.sqrt(meanOf(values.map((own) => (own - value) ** 2)) / values.length)
  return { name, value, interval: { low: value - 1.96 * error, high: value + 1.96 * error } }
}
