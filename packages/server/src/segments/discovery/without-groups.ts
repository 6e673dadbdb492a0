import { applyPca, type Column, fitPca, type Table, table, unclusteredNull } from '@rapport/learn'
import { columnOf, type Matrix, matrix, type Random } from '@rapport/numerics'
import type { PartedPoints } from './partition.ts'

/**
 * Draws customers as these would be if they had their shape but no groups: what every grouping must beat to be called one.
 *
 * Numbers are drawn by `unclusteredNull`: correlated as they are, each with one peak. Words are drawn with them, by their
 * place along the direction in which customers differ most, and are as frequent as they are; otherwise three words would
 * be three groups. What is missing stays missing. Directions are drawn with their lengths: two ends of one long cloud are
 * two directions, and no groups.
 *
 * @returns as many customers as there are, each time others
 */
export function withoutGroups(points: PartedPoints): (random: Random) => PartedPoints {
  const { columnsOf, columnWeights } = points
  const data = points.lengths ? stretched(points.data, points.lengths) : points.data
  const words = points.table.columns.flatMap((column, at) =>
    column.kind === 'text' ? [wordsOf(column.values, data, columnsOf[at]!)] : [],
  )
  const ofWords = new Set(words.flatMap(({ columns }) => [...columns]))
  const numbers = Int32Array.from({ length: data.columns }, (_, column) => column).filter((one) => !ofWords.has(one))
  const reference = unclusteredNull(
    besides(
      Array.from(numbers, (column) => columnOf(data, column)),
      words.map(({ places }) => places),
      data.rows,
    ),
  )
  return (random) => {
    const drawn = reference.draw(random)
    const like = words.map((one, at) => rowsLike(one, columnOf(drawn, numbers.length + at)))
    const others = matrix(data.rows, data.columns)
    numbers.forEach((column, at) => {
      for (let row = 0; row < data.rows; row += 1) {
        others.values[row * data.columns + column] = drawn.values[row * drawn.columns + at]!
      }
    })
    words.forEach(({ columns }, at) => {
      for (const column of columns) {
        like[at]!.forEach((from, row) => {
          others.values[row * data.columns + column] = data.values[from * data.columns + column]!
        })
      }
    })
    return { columnsOf, columnWeights, data: others, table: tableLike(points, others, like) }
  }
}

const stretched = ({ rows, columns, values }: Matrix, lengths: Float64Array): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from(values, (value, at) => value * lengths[Math.floor(at / columns)]!),
  )

/** A column of words, in an order along which they can be drawn like numbers. */
interface Words {
  /** Of the data. */
  readonly columns: Int32Array
  /** `[n]` each row's place in that order. */
  readonly places: Float64Array
  /** `[words]` a row that has each. */
  readonly rows: readonly number[]
}

function wordsOf(values: readonly (string | null)[], data: Matrix, columns: Int32Array): Words {
  const along = columnOf(applyPca(fitPca(data, { components: 1 }), data), 0)
  const seen = new Map<string | null, { row: number; sum: number; times: number }>()
  values.forEach((word, row) => {
    const one = seen.get(word) ?? { row, sum: 0, times: 0 }
    seen.set(word, { row: one.row, sum: one.sum + along[row]!, times: one.times + 1 })
  })
  const ordered = [...seen].sort(([, a], [, b]) => a.sum / a.times - b.sum / b.times || a.row - b.row)
  const placeOf = new Map(ordered.map(([word], place) => [word, place]))
  return {
    columns,
    places: Float64Array.from(values, (word) => placeOf.get(word)!),
    rows: ordered.map(([, { row }]) => row),
  }
}

/** Rows that have the words drawn: ranks say which, so that each is there as often as it was. */
function rowsLike({ places, rows }: Words, drawn: Float64Array): Int32Array {
  const sorted = places.slice().sort()
  const like = new Int32Array(drawn.length)
  Int32Array.from(drawn.keys())
    .sort((a, b) => drawn[a]! - drawn[b]! || a - b)
    .forEach((row, rank) => {
      like[row] = rows[sorted[rank]!]!
    })
  return like
}

/** The same customers as columns with names. */
function tableLike({ table: real, columnsOf }: PartedPoints, data: Matrix, like: readonly Int32Array[]): Table {
  let text = 0
  return table(
    real.columns.map((column, at): Column => {
      if (column.kind === 'number') {
        const drawn = columnOf(data, columnsOf[at]![0]!)
        return { ...column, values: column.values.map((value, row) => (Number.isNaN(value) ? value : drawn[row]!)) }
      }
      const rows = like[text]!
      text += 1
      return { ...column, values: Array.from(rows, (row) => column.values[row]!) }
    }),
  )
}

/** Columns as one matrix. */
function besides(numbers: readonly ArrayLike<number>[], words: readonly Float64Array[], rows: number): Matrix {
  const columns = [...numbers, ...words]
  const joined = matrix(rows, columns.length)
  columns.forEach((values, column) => {
    for (let row = 0; row < rows; row += 1) joined.values[row * columns.length + column] = values[row]!
  })
  return joined
}
