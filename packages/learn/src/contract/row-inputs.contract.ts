import { type Matrix, matrix, seededRandom } from '@rapport/numerics'
import type { Edge, Inputs } from './estimator.contract.ts'

// Powers of two scale without rounding, so that methods without units can be held to saying the very same. Squares of
// the outer two overflow or vanish.
const scales = [
  ['huge values', 2 ** 200],
  ['tiny values', 2 ** -200],
  ['values near the largest number', 2 ** 1000],
  ['values near the smallest number', 2 ** -1000],
] as const

/** Rows of three numbers around three centres, one after the other. */
function blobs(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const values = Float64Array.from(
    { length: rows * columns },
    (_, at) => 6 * (Math.floor(at / columns) % 3) + random.normal(),
  )
  return matrix(rows, columns, values)
}

const changed = (data: Matrix, change: (value: number, row: number, column: number) => number): Matrix => ({
  ...data,
  values: Float64Array.from(data.values, (value, at) =>
    change(value, Math.floor(at / data.columns), at % data.columns),
  ),
})

const firstRows = ({ columns, values }: Matrix, rows: number): Matrix =>
  matrix(rows, columns, Float64Array.from(values.subarray(0, rows * columns)))

const firstColumn = ({ rows, columns, values }: Matrix): Matrix =>
  matrix(
    rows,
    1,
    Float64Array.from({ length: rows }, (_, row) => values[row * columns]!),
  )

/** The edges that every matrix has. */
function edgesOf(data: Matrix): Edge<Matrix>[] {
  const placed = (odd: number) => changed(data, (value, row, column) => (row === 10 && column === 1 ? odd : value))
  return [
    { name: 'no rows', input: matrix(0, data.columns) },
    { name: 'no columns', input: matrix(data.rows, 0) },
    { name: 'one row', input: firstRows(data, 1) },
    { name: 'two rows', input: firstRows(data, 2) },
    { name: 'one column', input: firstColumn(data) },
    { name: 'a constant column', input: changed(data, (value, _, column) => (column === 1 ? 3 : value)) },
    { name: 'constant columns only', input: changed(data, () => 3) },
    { name: 'zeros only', input: changed(data, () => 0) },
    { name: 'a missing value', input: placed(Number.NaN) },
    { name: 'a missing column', input: changed(data, (value, _, column) => (column === 1 ? Number.NaN : value)) },
    { name: 'an infinite value', input: placed(Infinity) },
    { name: 'a value below all bounds', input: placed(-Infinity) },
    ...scales.map(([name, scale]) => ({ name, scale, input: changed(data, (value) => value * scale) })),
    {
      name: 'columns of unlike scales',
      input: changed(data, (value, _, column) => value * [1e-150, 1, 1e150][column]!),
    },
  ]
}

/** Rows without targets. */
export function rowInputs(data = blobs(60, 3, 15), other = blobs(30, 2, 16)): Inputs<Matrix> {
  return { ordinary: data, other, edges: edgesOf(data) }
}

/** Rows of counts without targets. */
export const countRowInputs = (): Inputs<Matrix> => rowInputs(countRows(60), countRows(25))

/** Rows, and a number to be told of each. */
export interface TargetRows {
  readonly data: Matrix
  readonly targets: Float64Array
}

function withTargets(data: Matrix, targetOf: (row: number) => number): Inputs<TargetRows> {
  const other = blobs(30, 2, 16)
  const targetsOf = (rows: number): Float64Array => Float64Array.from({ length: rows }, (_, row) => targetOf(row))
  const targets = targetsOf(data.rows)
  const ordinary = { data, targets }
  const placed = (odd: number): TargetRows => ({
    data,
    targets: targets.map((target, row) => (row === 7 ? odd : target)),
  })
  const named = (name: string, input: TargetRows): Edge<TargetRows> => ({ name, input, mustRefuse: true })
  return {
    ordinary,
    other: { data: other, targets: targetsOf(other.rows) },
    edges: [
      ...edgesOf(data).map(({ input, ...edge }) => ({
        ...edge,
        input: { data: input, targets: targetsOf(input.rows) },
      })),
      named('a missing target', placed(Number.NaN)),
      named('an infinite target', placed(Infinity)),
      named('fewer targets than rows', { data, targets: targets.slice(1) }),
      named('more targets than rows', { data, targets: targetsOf(data.rows + 1) }),
    ],
  }
}

// Every fifth row is of a class that its place does not say, so that no column tells the classes apart.
const classOf = (row: number, classes: number): number => (row % 5 === 0 ? row : row % 3) % classes

/** Rows of two classes or more. */
export function classInputs(classes: number): Inputs<TargetRows> {
  const inputs = withTargets(blobs(60, 3, 15), (row) => classOf(row, classes))
  const { data } = inputs.ordinary
  const ofOne = { data, targets: new Float64Array(data.rows) }
  return { ...inputs, edges: [...inputs.edges, { name: 'one class only', input: ofOne }] }
}

/** Rows with an amount above 0. */
export function amountInputs(): Inputs<TargetRows> {
  const inputs = withTargets(blobs(60, 3, 15), (row) => 1 + (row % 3) + ((row * 7) % 11) / 5)
  const { data, targets } = inputs.ordinary
  const times = (name: string, scale: number): Edge<TargetRows> => ({
    name: name.replace('values', 'targets'),
    input: { data, targets: targets.map((target) => target * scale) },
  })
  const equal = { data, targets: targets.map(() => 2) }
  return {
    ...inputs,
    edges: [
      ...inputs.edges,
      ...scales.map(([name, scale]) => times(name, scale)),
      { name: 'targets that are all one', input: equal },
    ],
  }
}

/** Rows of small counts, some of them 0. */
const countRows = (rows: number): Matrix => {
  const random = seededRandom(18)
  return matrix(
    rows,
    3,
    Float64Array.from({ length: 3 * rows }, (_, at) =>
      random.poisson(1 + 2 * Number(Math.floor(at / 3) % 3 === at % 3)),
    ),
  )
}

/** Counts of three classes. */
export function countInputs(): Inputs<TargetRows> {
  const inputs = withTargets(countRows(60), (row) => classOf(row, 3))
  const other = { ...inputs.other, data: changed(inputs.other.data, (value) => Math.max(0, Math.round(value))) }
  const { data, targets } = inputs.ordinary
  const negative = { data: changed(data, (value, row) => (row === 3 ? -1 : value)), targets }
  return { ...inputs, other, edges: [...inputs.edges, { name: 'a negative count', input: negative }] }
}
