import type { Matrix, SparseMatrix } from '@rapport/numerics'
import type { AnyEstimator } from './estimator.contract.ts'

/** What a caller without types may give in place of one argument, by what is wrong with it. */
export interface Misfit {
  readonly name: string
  readonly input: unknown
}

type List = Float64Array | Int32Array | Uint8Array | Uint32Array

const isList = (value: unknown): value is List => ArrayBuffer.isView(value)
const isMatrix = (value: unknown): value is Matrix | SparseMatrix =>
  typeof value === 'object' && value !== null && 'values' in value && 'rows' in value && 'columns' in value

const noArguments: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['a word', 'abc'],
  ['an object', {}],
]

function inPlaceOfMatrix(data: Matrix | SparseMatrix): [string, unknown][] {
  const { rows, columns, values } = data
  const rowsOf = Array.from({ length: 3 }, (_, row) => Array.from(values.slice(row * columns, (row + 1) * columns)))
  const broken: [string, unknown][] = [
    ['rows in arrays', rowsOf],
    ['values in an array', { ...data, values: Array.from(values) }],
    ['values that are too few', { ...data, values: values.slice(1) }],
    ['no values', { rows, columns }],
    ['rows that are no number', { ...data, rows: undefined }],
    ['half a row', { ...data, rows: rows + 0.5 }],
    ['columns below 0', { ...data, columns: -1 }],
  ]
  if (!('rowStarts' in data)) return broken
  const { rowStarts, columnIndices } = data
  const swapped = columnIndices.slice()
  swapped.set([columnIndices[1]!, columnIndices[0]!])
  return [
    ...broken,
    ['rowStarts that are too few', { ...data, rowStarts: rowStarts.slice(1) }],
    ['rowStarts that fall', { ...data, rowStarts: rowStarts.map((at, row) => (row === 2 ? rowStarts[4]! : at)) }],
    ['rowStarts beyond the values', { ...data, rowStarts: rowStarts.map((at) => 2 * at) }],
    [
      'a column that is not there',
      { ...data, columnIndices: columnIndices.map((at, place) => (place === 3 ? 99 : at)) },
    ],
    ['a column below 0', { ...data, columnIndices: columnIndices.map((at, place) => (place === 3 ? -1 : at)) }],
    ['columns out of order', { ...data, columnIndices: swapped }],
    [
      'a column twice',
      { ...data, columnIndices: columnIndices.map((at, place) => (place === 1 ? columnIndices[0]! : at)) },
    ],
    ['columnIndices that are too few', { ...data, columnIndices: columnIndices.slice(1) }],
  ]
}

const inPlaceOfList = (list: List): [string, unknown][] => [
  ['words', Array.from(list, () => 'abc')],
  ['null among numbers', Array.from(list, (value, at) => (at === 1 ? null : value))],
  ['a hole among numbers', Array.from(list, (value, at) => (at === 1 ? undefined : value))],
]

const misfitsOf = (value: unknown): [string, unknown][] => [
  ...noArguments,
  ...(isMatrix(value) ? inPlaceOfMatrix(value) : []),
  ...(isList(value) ? inPlaceOfList(value) : []),
]

/** The input with each of the arguments that `fit` reads in turn replaced by what does not fit it. */
export async function misfits({ inputs: { ordinary }, fit }: AnyEstimator): Promise<Misfit[]> {
  if (isList(ordinary) || isMatrix(ordinary)) return misfitsOf(ordinary).map(([name, input]) => ({ name, input }))
  if (typeof ordinary !== 'object' || ordinary === null) return []
  const read = await fieldsRead(ordinary, fit)
  return Object.entries(ordinary).flatMap(([field, value]) =>
    read.has(field)
      ? misfitsOf(value).map(([name, wrong]) => ({
          name: `${name} as ${field}`,
          input: { ...ordinary, [field]: wrong },
        }))
      : [],
  )
}

/** Which fields of the input the fit looks at. */
async function fieldsRead(input: object, fit: AnyEstimator['fit']): Promise<Set<string>> {
  const read = new Set<string>()
  const watched = new Proxy(input, {
    get: (held, field) => {
      read.add(String(field))
      return Reflect.get(held, field)
    },
  })
  await fit(watched, 1)
  return read
}
