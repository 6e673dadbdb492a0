import { matrixFromRows } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { leastSquaresBase, logisticBase } from '../../base-learners/index.ts'
import { fitClassTransformation } from './class-transformation.ts'
import { fitDrLearner } from './dr-learner.ts'
import { predictUplift } from './predict-uplift.ts'
import { fitRLearner } from './r-learner.ts'
import { fitSLearner } from './s-learner.ts'
import { fitTLearner } from './t-learner.ts'
import type { UpliftModel } from './uplift-model.ts'
import { fitXLearner } from './x-learner.ts'

// Reference: causalml (S, T, X, R), scikit-uplift (interactions, class transformation) and EconML (DR); made by
// golden/make/uplift-learners.py. Least squares agree to 1e-9; logistic regressions stop at their own tolerances, and agree
// to 1e-6.
const { values: golden, agree } = readGolden<{
  readonly rows: number[][]
  readonly propensities: number[]
  readonly treated: number[]
  readonly outcomes: number[]
  readonly amounts: number[]
  readonly rFolds: number[]
  readonly drFolds: number[]
  readonly uplift: Record<string, number[]>
}>(new URL('../golden/uplift-learners.json', import.meta.url))
const { treated, propensities, outcomes, uplift } = golden
const data = matrixFromRows(golden.rows)
const amounts = { data, treated, outcomes: golden.amounts, propensities }
const yesNo = { data, treated, outcomes, propensities }
const assignment = { rowsPerArmMin: 50 }
const lines = { outcome: leastSquaresBase(), effect: leastSquaresBase(), assignment, seed: 1 }
const logistic = { outcome: logisticBase({ penalty: 1 }), assignment, seed: 1 }

const check = (method: string, name: string, model: UpliftModel, tolerance: number, options = {}): void =>
  agree(method, predictUplift(model, data, options), uplift[name]!, tolerance)

test('S and T learners as causalml, interactions as scikit-uplift', async () => {
  check('S-learner', 's', await fitSLearner(amounts, lines), 1e-9)
  check('S-learner', 'sInteractions', await fitSLearner(yesNo, { ...logistic, interactions: true }), 1e-6)
  check('T-learner', 't', await fitTLearner(amounts, lines), 1e-9)
  check('T-learner', 'tLogistic', await fitTLearner(yesNo, logistic), 1e-6)
})

test('X and R learners as causalml', async () => {
  check('X-learner', 'x', await fitXLearner(amounts, lines), 1e-9, { propensities })
  check('R-learner', 'r', await fitRLearner(amounts, { ...lines, folds: golden.rFolds }), 1e-9)
})

test('the DR learner as EconML', async () => {
  check('DR-learner', 'dr', await fitDrLearner(amounts, { ...lines, folds: golden.drFolds }), 1e-9)
})

test('class transformation as scikit-uplift, whose chances are one half', async () => {
  const half = { ...yesNo, propensities: 0.5 }
  check(
    'class transformation',
    'classTransformation',
    await fitClassTransformation(half, { ...logistic, assignment: 'passed' }),
    1e-6,
  )
})
