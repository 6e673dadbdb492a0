import { type HillstromRows, hillstromTrial } from '../../../../tooling/hillstrom-email.ts'
import { leastSquaresBase, logisticBase } from '../base-learners/index.ts'
import { applyPreparation, fitPreparation, linearPlan, table, takeTableRows } from '../preparation/index.ts'
import {
  auuc,
  fitClassTransformation,
  fitDrLearner,
  fitRLearner,
  fitTLearner,
  fitXLearner,
  predictUplift,
  qini,
  type TrialRows,
  type UpliftModel,
  type UpliftScore,
  upliftAtTop,
} from './index.ts'

/** Women's e-mail against none by the protocol of the README: even rows train, odd rows test. */
interface HillstromSplit {
  readonly train: TrialRows
  readonly test: TrialRows
}

/** Columns one-hot with the first left out and standardised, both by the training rows. */
function splitHillstrom(customers: HillstromRows, outcome: 'visit' | 'conversion'): HillstromSplit {
  const { rows, treated } = hillstromTrial(customers, 'Womens E-Mail')
  const number = (name: 'recency' | 'history' | 'mens' | 'womens' | 'newbie') => ({
    name,
    kind: 'number' as const,
    values: customers[name],
  })
  const text = (name: 'segment' | 'zip' | 'channel') => ({ name, kind: 'text' as const, values: [...customers[name]] })
  const columns = table([
    number('recency'),
    number('history'),
    number('mens'),
    number('womens'),
    number('newbie'),
    text('segment'),
    text('zip'),
    text('channel'),
  ])
  const places = [...rows.keys()]
  const partOf = (rest: number): number[] => places.filter((place) => place % 2 === rest)
  const dataOf = (part: readonly number[]) =>
    takeTableRows(
      columns,
      part.map((place) => rows[place]!),
    )
  const training = dataOf(partOf(0))
  const preparation = fitPreparation(training, linearPlan(training))
  const trialOf = (rest: number): TrialRows => ({
    data: applyPreparation(preparation, dataOf(partOf(rest))),
    treated: Uint8Array.from(partOf(rest), (place) => treated[place]!),
    outcomes: Float64Array.from(partOf(rest), (place) => customers[outcome][rows[place]!]!),
  })
  return { train: trialOf(0), test: trialOf(1) }
}

/** How well scores of the test rows rank them. */
function judge(scores: Float64Array, test: TrialRows) {
  const { data: _, ...arms } = test
  return {
    qini: value(qini(scores, arms)),
    auuc: value(auuc(scores, arms)),
    atTop: value(upliftAtTop(scores, arms)),
  }
}

function value(score: UpliftScore): number {
  if (score.defined) return score.value
  throw new Error(score.because)
}

/** What the README prints for a ranking of the test rows, and what each learner of ours reaches. */
export interface LearnerFigures {
  readonly name: string
  readonly found: { readonly qini: number; readonly auuc: number; readonly atTop: number }
  /** Only what is printed. */
  readonly reference: { readonly qini: number; readonly auuc?: number; readonly atTop?: number }
}

/**
 * What may be missing: the reference's logistic regressions stopped at the tolerance of their solver. Fitted to the end by
 * the same program, their Qini of visits is .053706 where .053729 is printed.
 */
const tolerance = 0.0001

export const isReached = ({ found, reference }: LearnerFigures): boolean =>
  found.qini >= reference.qini - tolerance &&
  found.auuc >= (reference.auuc ?? -Infinity) - tolerance &&
  found.atTop >= (reference.atTop ?? -Infinity) - tolerance

/** Each learner on linear base learners without a penalty, as the reference's are; one half was the design's chance. */
export async function learnerFigures(customers: HillstromRows): Promise<LearnerFigures[]> {
  const options = {
    outcome: logisticBase({ penalty: 1e-6 }),
    effect: leastSquaresBase({ penalty: 1e-6 }),
    seed: 1,
  }
  const visits = splitHillstrom(customers, 'visit')
  const conversions = splitHillstrom(customers, 'conversion')
  const twoModels = { qini: 0.053729, auuc: 0.024312, atTop: 0.063099 }
  const run = async (
    name: string,
    fit: (rows: TrialRows, own: typeof options) => Promise<UpliftModel>,
    { train, test }: HillstromSplit,
    reference: LearnerFigures['reference'],
  ): Promise<LearnerFigures> => {
    const model = await fit({ ...train, propensities: 0.5 }, options)
    return { name, found: judge(predictUplift(model, test.data), test), reference }
  }
  return [
    await run('T', fitTLearner, visits, twoModels),
    await run('class transformation', fitClassTransformation, visits, { qini: 0.055512, auuc: 0.025072 }),
    await run('X', fitXLearner, visits, twoModels),
    await run('R', fitRLearner, visits, twoModels),
    await run('DR', fitDrLearner, visits, twoModels),
    await run('T of conversions', fitTLearner, conversions, { qini: 0.116332 }),
  ]
}
