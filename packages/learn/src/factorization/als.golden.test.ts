import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { rowPenalties } from './als.ts'
import { padFactors, unpadFactors, zeroFactors } from './als-factors.ts'
import { type AlsOutcome, runAlsRounds } from './als-rounds.ts'

interface Sides {
  users: number[]
  items: number[]
}

const { values: golden, agree } = readGolden<{
  interactions: { rows: number; columns: number; row: number[]; column: number[]; value: number[] }
  factors: number
  confidence: number
  regularization: number
  rounds: number
  startItems: number[]
  conjugateGradient: Sides
  closedForm: Sides & { loss: number }
}>(new URL('golden/als.json', import.meta.url))
const { rows, columns, row, column, value } = golden.interactions
const weights: SparseMatrix = sparseFromTriplets(
  rows,
  columns,
  row,
  column,
  value.map((strength) => golden.confidence * strength),
)

const rounds = (steps: number, engine: 'wasm' | 'typescript'): Promise<AlsOutcome> =>
  runAlsRounds({
    confidence: weights,
    users: zeroFactors(rows, golden.factors),
    items: padFactors(columns, golden.factors, golden.startItems),
    userPenalties: rowPenalties(weights, golden.regularization, 'constant'),
    itemPenalties: new Float32Array(columns).fill(golden.regularization),
    rounds: golden.rounds,
    steps,
    tolerance: 0,
    isLossTraced: true,
    kernels: { engine },
  })

function expectSides(outcome: AlsOutcome, sides: Sides, tolerance: number): void {
  for (const side of ['users', 'items'] as const) {
    agree('implicit ALS', unpadFactors(outcome[side], golden.factors), sides[side], tolerance)
  }
}

// Reference: implicit 0.7.3, AlternatingLeastSquares(use_cg=True) with three steps from the same start; made by
// golden/make/recommenders.py. Both sides compute in single precision and sum in another order: 1e-4 of factors about 1.
test.each(['wasm', 'typescript'] as const)(
  'five rounds of three steps end where implicit does (%s)',
  async (engine) => {
    expectSides(await rounds(3, engine), golden.conjugateGradient, 1e-4)
  },
)

// Reference: the normal equations of eq. 4 and 5 solved row by row in double precision by numpy, same start.
// With as many steps as factors conjugate gradient is exact, up to single precision.
test.each(['wasm', 'typescript'] as const)('with enough steps it is the closed form (%s)', async (engine) => {
  const outcome = await rounds(2 * golden.factors, engine)
  expectSides(outcome, golden.closedForm, 1e-3)
  agree('implicit ALS', outcome.losses.at(-1)!, golden.closedForm.loss, 1e-5)
})
