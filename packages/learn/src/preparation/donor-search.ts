import { type Matrix, rowOf, stopIfAborted, type Work } from '@rapport/numerics'
import type { NeighbourImputationModel } from './neighbour-imputation.ts'

/** What rounding in another order can add to a sum of squares of some hundred columns. */
const roundingShare = 1e-12

/** Donors that stay in the nearest cache while all rows of a block pass. */
const donorsPerTile = 256
/** Rows that are searched for together. */
const rowsPerBlock = 128

/** Columns that are looked at in one pass over a tile. */
const columnsAbreast = 4

/** The training rows, laid out for the search: by tiles, and within them by columns. */
interface Donors {
  readonly rows: number
  readonly columns: number
  /** `[tiles × d × donorsPerTile]` 0 where a value is missing. */
  readonly values: Float64Array
  /** `[tiles × d × donorsPerTile]` 1 where there is a value, 0 where it is missing: no branch in the loop. */
  readonly present: Float64Array
  /** Where a column of zeros that nobody has begins, to fill up columns by fours. */
  readonly nothing: number
  /** `[d]` how many donors have each column. */
  readonly counts: Float64Array
}

/**
 * Puts the means of the nearest donors where rows have no value.
 *
 * Most donors are given up after a few columns: a row's columns are taken from the one in which it is the least like the
 * others, and what is summed up by then is too far already. Those that are left are measured in the columns' own order.
 *
 * @param data `[q × d]` rows, scaled as the donors
 * @param filled `[q × d]` where the means go
 */
export function fillFromDonors(
  model: NeighbourImputationModel,
  data: Matrix,
  filled: Float64Array | Float32Array,
  work: Work | undefined,
): void {
  const donors = donorsOf(model.donors)
  const near = { donors: new Int32Array(donorsPerTile), squares: new Float64Array(donorsPerTile) }
  for (let from = 0; from < data.rows; from += rowsPerBlock) {
    stopIfAborted(work)
    work?.onProgress?.({ stage: 'imputed row', done: from, total: data.rows })
    const block: OpenRow[] = []
    for (let row = from; row < Math.min(data.rows, from + rowsPerBlock); row += 1) {
      if (rowOf(data, row).some(Number.isNaN)) block.push(new OpenRow(model, donors, data, row))
    }
    for (let tile = 0; tile < donors.rows; tile += donorsPerTile) {
      for (const row of block) row.search(tile, Math.min(donors.rows, tile + donorsPerTile), near)
    }
    for (const row of block) row.fill(filled)
  }
}

function donorsOf(given: Matrix): Donors {
  const { rows, columns } = given
  const tiles = Math.ceil(rows / donorsPerTile)
  const nothing = tiles * columns * donorsPerTile
  const values = new Float64Array(nothing + donorsPerTile)
  const present = new Float64Array(values.length)
  const counts = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    const start = (row - (row % donorsPerTile)) * columns + (row % donorsPerTile)
    for (let column = 0; column < columns; column += 1, at += 1) {
      if (Number.isNaN(given.values[at]!)) continue
      values[start + column * donorsPerTile] = given.values[at]!
      present[start + column * donorsPerTile] = 1
      counts[column]! += 1
    }
  }
  return { rows, columns, values, present, nothing, counts }
}

/** Donors of a tile that may be near enough, and their squares so far. */
interface NearSoFar {
  readonly donors: Int32Array
  readonly squares: Float64Array
}

/** A row with holes, and the nearest donors of each hole so far. */
class OpenRow {
  readonly #model: NeighbourImputationModel
  readonly #donors: Donors
  readonly #row: number
  readonly #own: Float64Array | Float32Array
  readonly #known: Int32Array
  readonly #holes: Int32Array
  readonly #lists: readonly NearestDonors[]
  /** The known columns, that in which the row is the least like the donors first, and its values there. */
  readonly #order: Int32Array
  readonly #asked: Float64Array
  /** A sum of squares above it is too far for every hole. */
  #bound = Infinity

  constructor(model: NeighbourImputationModel, donors: Donors, data: Matrix, row: number) {
    const own = rowOf(data, row)
    const columns = Int32Array.from(own.keys())
    const unlike = (column: number): number => Math.abs(own[column]! - model.means[column]!)
    this.#model = model
    this.#donors = donors
    this.#row = row
    this.#own = own
    this.#known = columns.filter((column) => !Number.isNaN(own[column]!))
    this.#holes = columns.filter((column) => Number.isNaN(own[column]!))
    this.#lists = Array.from(
      this.#holes,
      (column) => new NearestDonors(Math.min(model.neighbours, donors.counts[column]!)),
    )
    this.#order = this.#known.slice().sort((one, other) => unlike(other) - unlike(one))
    this.#asked = Float64Array.from(this.#order, (column) => own[column]!)
  }

  /**
   * Looks at the donors `from` … `to` − 1 of one tile, which come after all that were looked at before.
   *
   * @param near scratch
   */
  search(from: number, to: number, near: NearSoFar): void {
    const { columns, present } = this.#donors
    const [lists, holes] = [this.#lists, this.#holes]
    // Squares count by d over the number of shared columns, of which there are at most those that the row has.
    const share = (this.#known.length / columns) * (1 + roundingShare)
    if (this.#known.length === 0) return
    const start = from * columns
    let count = this.#nearByFirst(start, to - from, near)
    for (let place = columnsAbreast; place < this.#order.length && count > 0; place += columnsAbreast) {
      count = this.#nearByNext(start, place, count, near)
    }
    for (let place = 0; place < count; place += 1) {
      const at = start + near.donors[place]!
      const square = this.#measure(at)
      if (Number.isNaN(square)) continue
      let farthest = 0
      for (let hole = 0; hole < lists.length; hole += 1) {
        const list = lists[hole]!
        if (present[at + holes[hole]! * donorsPerTile] === 1) list.offer(from + near.donors[place]!, square)
        farthest = Math.max(farthest, list.farthest)
      }
      this.#bound = farthest * share
    }
  }

  /** Keeps the tile's donors whose squares over the first columns in order are within the bound; how many. */
  #nearByFirst(start: number, donors: number, { donors: kept, squares }: NearSoFar): number {
    const { values, present } = this.#donors
    const [first, second, third, fourth] = this.#columnsFrom(start, 0)
    const [one, two, three, four] = this.#askedFrom(0)
    const bound = this.#bound
    let count = 0
    for (let donor = 0; donor < donors; donor += 1) {
      const by1 = (one - values[first + donor]!) * present[first + donor]!
      const by2 = (two - values[second + donor]!) * present[second + donor]!
      const by3 = (three - values[third + donor]!) * present[third + donor]!
      const by4 = (four - values[fourth + donor]!) * present[fourth + donor]!
      const square = by1 * by1 + by2 * by2 + (by3 * by3 + by4 * by4)
      kept[count] = donor
      squares[count] = square
      count += Number(square <= bound)
    }
    return count
  }

  /** Keeps of those kept so far the ones that are within the bound with the columns from `place` in order, too. */
  #nearByNext(start: number, place: number, before: number, { donors: kept, squares }: NearSoFar): number {
    const { values, present } = this.#donors
    const [first, second, third, fourth] = this.#columnsFrom(start, place)
    const [one, two, three, four] = this.#askedFrom(place)
    const bound = this.#bound
    let count = 0
    for (let at = 0; at < before; at += 1) {
      const donor = kept[at]!
      const by1 = (one - values[first + donor]!) * present[first + donor]!
      const by2 = (two - values[second + donor]!) * present[second + donor]!
      const by3 = (three - values[third + donor]!) * present[third + donor]!
      const by4 = (four - values[fourth + donor]!) * present[fourth + donor]!
      const square = squares[at]! + (by1 * by1 + by2 * by2 + (by3 * by3 + by4 * by4))
      kept[count] = donor
      squares[count] = square
      count += Number(square <= bound)
    }
    return count
  }

  /** Where four columns of a tile begin; past the last one it is the column of nothing, which no donor has. */
  #columnsFrom(start: number, place: number): [number, number, number, number] {
    const at = (ahead: number): number =>
      place + ahead < this.#order.length ? start + this.#order[place + ahead]! * donorsPerTile : this.#donors.nothing
    return [at(0), at(1), at(2), at(3)]
  }

  #askedFrom(place: number): [number, number, number, number] {
    const at = (ahead: number): number => this.#asked[place + ahead] ?? 0
    return [at(0), at(1), at(2), at(3)]
  }

  /** Puts the means where the row has no value. */
  fill(filled: Float64Array | Float32Array): void {
    this.#holes.forEach((column, at) => {
      filled[this.#row * this.#donors.columns + column] = this.#mean(column, this.#lists[at]!)
    })
  }

  /** Squared distance to the donor at `at`; NaN when no column is shared. */
  #measure(at: number): number {
    const { values, present } = this.#donors
    let square = 0
    let shared = 0
    for (const column of this.#known) {
      const from = at + column * donorsPerTile
      if (present[from] === 0) continue
      square += (this.#own[column]! - values[from]!) ** 2
      shared += 1
    }
    return shared === 0 ? Number.NaN : (square * this.#own.length) / shared
  }

  /** The mean of `column` over the nearest donors that have it. */
  #mean(column: number, { donors: nearest, squares, found }: NearestDonors): number {
    const { donors, voice, means } = this.#model
    if (found === 0) return means[column]!
    let sum = 0
    let total = 0
    const closest = Math.sqrt(squares[0]!)
    for (let place = 0; place < found; place += 1) {
      const distance = Math.sqrt(squares[place]!)
      // Taken beside the closest one, so that no share overflows; a donor at the same place speaks alone.
      const share = voice === 'equal' || distance === closest ? 1 : closest / distance
      sum += share * donors.values[nearest[place]! * donors.columns + column]!
      total += share
    }
    return sum / total
  }
}

/** The nearest donors so far, nearest first; of donors equally far away the earlier ones. */
class NearestDonors {
  readonly donors: Int32Array
  readonly squares: Float64Array
  found = 0
  /** Square of the last one kept; no limit while there are fewer than are to be kept. */
  farthest = Infinity

  constructor(kept: number) {
    this.donors = new Int32Array(kept)
    this.squares = new Float64Array(kept)
  }

  /** @param donor later than all that were offered before */
  offer(donor: number, square: number): void {
    const { donors, squares } = this
    const kept = donors.length
    if (this.found === kept && square >= this.farthest) return
    let place = this.found < kept ? this.found++ : kept - 1
    while (place > 0 && squares[place - 1]! > square) {
      squares[place] = squares[place - 1]!
      donors[place] = donors[place - 1]!
      place -= 1
    }
    squares[place] = square
    donors[place] = donor
    if (this.found === kept) this.farthest = squares[kept - 1]!
  }
}
