import { RapportError, takeRows, type Work } from '@rapport/numerics'
import { rocAucInterval } from '../../metrics/auc-interval.ts'
import { stratifiedKFold } from '../../selection/folds.ts'
import { fitBoosting } from '../../trees/fit-boosting.ts'
import { predictBoosting } from '../../trees/predict-boosting.ts'
import { quietly } from '../quietly.ts'
import { type CheckedTrial, checkedTrial, type TrialRows } from '../trial-rows.ts'
import { balanceTest } from './balance-test.ts'
import { effectiveRows, propensityFit } from './propensity-faults.ts'

export interface AssignmentOptions {
  /** Customers that each arm holds at least, counted as effective ones where chances differ. Default 100. */
  readonly rowsPerArmMin?: number
  /** The lowest chance of either arm, above 0 and below 0.5. Default 0.01. */
  readonly propensityMin?: number
  /** Chance with which each test refuses an experiment that is sound, in (0, 1). Default 0.001. */
  readonly significance?: number
  /** Seed of the folds and the trees that try to tell who was treated. Default 0. */
  readonly seed?: number
}

/** Why no effect can be learned from customers. */
export interface AssignmentFault {
  readonly reason: /** An arm has fewer customers than `rowsPerArmMin`. */
    | 'small-arm'
    /** Nobody, or everybody, of an arm responded. */
    | 'constant-outcomes'
    /** Fewer than ten customers of an arm responded, or did not: too few to learn who does. */
    | 'few-responses'
    /** A chance of an arm is below `propensityMin`. */
    | 'propensity-bounds'
    /** The chances that were logged are not those with which treatment was given. */
    | 'propensity-fit'
    /** Where chances differ, an arm stands on too few customers. */
    | 'no-overlap'
    /** The columns tell who was treated. */
    | 'not-randomised'
  /** The reason with its figures, in words. */
  readonly words: string
}

/** Whether effects can be learned from customers, and if not, every reason why. */
export type AssignmentCheck = {
  /** Customers with a weight above 0. */
  readonly treated: number
  readonly control: number
  /** Where the chances of treatment come from: the share of the treated, or what was logged. */
  readonly source: 'share' | 'logged'
  /** p-value of the omnibus balance test; NaN when an earlier fault left no sense in it. */
  readonly balance: number
  /**
   * Area under the ROC curve of telling the treated by the columns, cross-fitted, with its lower bound; only where all have
   * the same chance.
   */
  readonly auc: { readonly value: number; readonly low: number } | undefined
} & ({ readonly trainable: true } | { readonly trainable: false; readonly because: readonly AssignmentFault[] })

/**
 * Whether customers are fit to learn effects from: a randomised experiment, or logged chances with overlap.
 *
 * Without logged chances, columns must not tell who was treated: neither in one linear test of all of them, nor through
 * boosted trees that are cross-fitted. A column that was measured after treating fails here too. Logged chances must
 * leave both arms possible, fit the numbers of the treated over all and in slices, leave the columns nothing to tell beyond
 * them, and leave each arm enough effective customers.
 *
 * No test can show that an experiment is sound; in few rows a weak flaw is not seen.
 *
 * @throws RapportError `uplift.options`, and as the learners for data that cannot be read
 *
 * Cost: n d² / 2 and, without logged chances, five small boostings.
 *
 * @example
 * const found = await checkAssignment({ data, treated, outcomes })
 * if (!found.trainable) console.log(found.because.map(({ words }) => words))
 */
export const checkAssignment = (
  rows: TrialRows,
  options: AssignmentOptions = {},
  work?: Work,
): Promise<AssignmentCheck> => assignmentOf(checkedTrial(rows), options, work)

interface Settings {
  readonly rowsPerArmMin: number
  readonly propensityMin: number
  readonly significance: number
  readonly seed: number
}

export async function assignmentOf(
  trial: CheckedTrial,
  options: AssignmentOptions,
  work: Work | undefined,
): Promise<AssignmentCheck> {
  const settings = checkedSettings(options)
  const counts = [0, 0]
  for (let row = 0; row < trial.rows; row += 1) if (trial.weights[row]! > 0) counts[trial.treated[row]!]! += 1
  const because = [
    ...smallArms(counts, settings),
    ...outcomeFaults(trial),
    ...boundFaults(trial, settings),
    ...(trial.source === 'logged' ? fitFaults(trial, settings) : []),
  ]
  const isTestable = !because.some(({ reason }) => reason === 'small-arm' || reason === 'propensity-bounds')
  if (trial.source === 'logged' && isTestable) because.push(...overlapFaults(trial, settings))
  const balance = isTestable ? balanceTest(trial.data, trial.treated, trial.propensities, trial.weights).pValue : NaN
  if (balance < settings.significance) because.push(notBalanced(balance, trial.source))
  const hasOneChance = trial.propensities.every((chance) => chance === trial.propensities[0])
  const auc = isTestable && hasOneChance ? await crossFittedAuc(trial, settings, work) : undefined
  if (auc && auc.low > 0.5) because.push(told(auc))
  const found = { treated: counts[1]!, control: counts[0]!, source: trial.source, balance, auc }
  return because.length === 0 ? { ...found, trainable: true } : { ...found, trainable: false, because }
}

function checkedSettings(options: AssignmentOptions): Settings {
  const { rowsPerArmMin = 100, propensityMin = 0.01, significance = 0.001, seed = 0 } = options
  if (!Number.isInteger(rowsPerArmMin) || rowsPerArmMin < 2) {
    throw new RapportError('uplift.options', `rowsPerArmMin must be a whole number ≥ 2, got ${rowsPerArmMin}`)
  }
  if (!(propensityMin > 0 && propensityMin < 0.5)) {
    throw new RapportError('uplift.options', `propensityMin must be above 0 and below 0.5, got ${propensityMin}`)
  }
  if (!(significance > 0 && significance < 1)) {
    throw new RapportError('uplift.options', `significance must be between 0 and 1, got ${significance}`)
  }
  return { rowsPerArmMin, propensityMin, significance, seed }
}

const armNames = ['control', 'treatment'] as const

const smallArms = (counts: readonly number[], { rowsPerArmMin }: Settings): AssignmentFault[] =>
  armNames.flatMap((name, arm) =>
    counts[arm]! < rowsPerArmMin
      ? [
          {
            reason: 'small-arm' as const,
            words: `the ${name} must have at least ${rowsPerArmMin} customers, got ${counts[arm]}`,
          },
        ]
      : [],
  )

/** Responders of an arm, and others, that there are at least: each fold of five then has two. */
const responsesMin = 10

function outcomeFaults({ outcomes, treated, weights, isBinary }: CheckedTrial): AssignmentFault[] {
  return armNames.flatMap((name, arm): AssignmentFault[] => {
    const own = outcomes.filter((_, row) => treated[row] === arm && weights[row]! > 0)
    if (!own.some((outcome) => outcome !== own[0])) {
      return [{ reason: 'constant-outcomes', words: `outcomes of the ${name} must differ, got ${own[0]} in all` }]
    }
    const responders = own.filter((outcome) => outcome === 1).length
    const [few, outcome] = responders <= own.length - responders ? [responders, 1] : [own.length - responders, 0]
    if (!isBinary || few >= responsesMin) return []
    const words = `the ${name} must have at least ${responsesMin} customers with each outcome, got ${few} with ${outcome}`
    return [{ reason: 'few-responses', words }]
  })
}

function boundFaults({ propensities, weights }: CheckedTrial, { propensityMin }: Settings): AssignmentFault[] {
  const isOut = (chance: number): boolean => chance < propensityMin || chance > 1 - propensityMin
  const wrong = propensities.filter((chance, row) => weights[row]! > 0 && isOut(chance))
  if (wrong.length === 0) return []
  return [
    {
      reason: 'propensity-bounds',
      words: `chances of treatment must be from ${propensityMin} to ${1 - propensityMin}, got ${wrong.length} outside, such as ${wrong[0]}`,
    },
  ]
}

function fitFaults(trial: CheckedTrial, { significance }: Settings): AssignmentFault[] {
  const { surplus, pValue } = propensityFit(trial)
  // Four standard deviations are rarer than the usual significance, and their words say more than a p-value.
  if (Math.abs(surplus) <= 4 && pValue >= significance) return []
  const figure =
    Math.abs(surplus) > 4
      ? `${surplus.toFixed(1)} standard deviations ${surplus > 0 ? 'more' : 'fewer'} than they add up to`
      : `counts in slices of them that chance gives with p = ${pValue.toExponential(1)}`
  return [
    {
      reason: 'propensity-fit',
      words: `logged chances must be those with which customers were treated, got ${figure}`,
    },
  ]
}

const overlapFaults = (trial: CheckedTrial, { rowsPerArmMin }: Settings): AssignmentFault[] =>
  armNames.flatMap((name, arm) => {
    const effective = effectiveRows(trial, arm === 1 ? 1 : 0)
    return effective < rowsPerArmMin
      ? [
          {
            reason: 'no-overlap' as const,
            words: `the ${name} must be worth at least ${rowsPerArmMin} customers after weighting by chances, got ${effective.toFixed(1)}`,
          },
        ]
      : []
  })

const notBalanced = (balance: number, source: 'share' | 'logged'): AssignmentFault => ({
  reason: 'not-randomised',
  words: `columns must not tell who was treated${source === 'logged' ? ' beyond the logged chances' : ''}, got a balance test with ${balance === 0 ? 'p below 1e-300' : `p = ${balance.toExponential(1)}`}`,
})

const told = ({ value, low }: { value: number; low: number }): AssignmentFault => ({
  reason: 'not-randomised',
  words: `columns must not tell who was treated, got trees that tell it with an AUC of ${value.toFixed(3)} (chance is 0.5; beyond doubt at least ${low.toFixed(3)})`,
})

const folds = 5

/** Few and small trees: enough to see a flaw that could matter, cheap enough to be asked each time. */
const trees = { rounds: 30, leavesMax: 8, rowsPerLeafMin: 50 }

async function crossFittedAuc(
  { data, treated, weights }: CheckedTrial,
  { significance, seed }: Settings,
  work: Work | undefined,
): Promise<{ value: number; low: number } | undefined> {
  const present = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
  const own = treated.filter((_, row) => weights[row]! > 0)
  const rows = takeRows(data, present)
  const predicted = new Float64Array(present.length)
  for (const { train, test } of stratifiedKFold(own, { folds, seed })) {
    const labels = Uint8Array.from(train, (row) => own[row]!)
    const model = await fitBoosting(takeRows(rows, train), labels, { ...trees, seed }, quietly(work))
    predictBoosting(model, takeRows(rows, test)).forEach((chance, at) => {
      predicted[test[at]!] = chance
    })
  }
  // One-sided: columns that tell worse than chance tell nothing.
  const auc = rocAucInterval(predicted, own, { confidence: 1 - 2 * significance })
  return auc.defined ? { value: auc.value, low: auc.low } : undefined
}
