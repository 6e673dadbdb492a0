import { expect, test } from 'vitest'
import { type Kernels, withKernels } from '../pool/with-kernels.ts'
import { type Random, seededRandom } from '../random/random.ts'

type Engine = 'wasm' | 'typescript'
type View = Float64Array | Float32Array | Int32Array | Uint8Array

/** The same values in the arena. */
function placed(arena: Kernels['arena'], values: View): number {
  if (values.length === 0) return arena.int32(1).at
  const span =
    values instanceof Float64Array
      ? arena.float64(values.length)
      : values instanceof Float32Array
        ? arena.float32(values.length)
        : values instanceof Int32Array
          ? arena.int32(values.length)
          : arena.uint8(values.length)
  const view: View = span.view
  view.set(values)
  return span.at
}

/** `[rows × columns]` with a share of its places taken, columns rising. */
function randomRows(random: Random, rows: number, columns: number, share: number) {
  const starts = new Int32Array(rows + 1)
  const taken: number[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) if (random.uniform() < share) taken.push(column)
    starts[row + 1] = taken.length
  }
  // Few different values, so that scores are often equal; some below 0, so that some sums are not above it.
  const values = Float64Array.from(taken, () => random.integer(5) - 1)
  return { starts, columns: Int32Array.from(taken), values }
}

const bytesOf = (...views: readonly View[]): Uint8Array[] =>
  views.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)))

function productLists(engine: Engine, columns: number, k: number, isCosine: boolean): Promise<Uint8Array[]> {
  const random = seededRandom(columns + k)
  const left = randomRows(random, 30, 20, 0.3)
  const right = randomRows(random, 20, columns, 0.2)
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const at = [left, right].map((side) => [side.starts, side.columns, side.values].map((part) => placed(arena, part)))
    const own = randomRows(random, 30, columns, 0.1)
    const lengths = placed(
      arena,
      Float64Array.from({ length: columns }, () => 1 + random.uniform()),
    )
    const isOut = placed(
      arena,
      Uint8Array.from({ length: columns }, () => (random.uniform() < 0.1 ? 1 : 0)),
    )
    const ownAt = isCosine ? [0, 0] : [placed(arena, own.starts), placed(arena, own.columns)]
    const rows = placed(
      arena,
      Int32Array.from({ length: 25 }, () => random.integer(30)),
    )
    const items = arena.int32(25 * k)
    const scores = arena.float64(25 * k)
    const sizes = arena.int32(25)
    const sums = arena.float64(columns)
    const marks = arena.uint8(Math.ceil(columns / 64))
    const head = [rows, ...at.flat(), columns, isCosine ? lengths : 0, 0.5, isCosine ? 0 : isOut, ...ownAt, k]
    const tail = [items.at, scores.at, sizes.at, isCosine ? 1 : 0, sums.at, marks.at]
    await run('topOfProduct', [
      [...head, ...tail, 0, 11],
      [...head, ...tail, 11, 25],
    ])
    expect(sizes.view.some((size) => size > 0)).toBe(true)
    expect([...sums.view, ...marks.view].every((left) => left === 0)).toBe(true)
    return bytesOf(...listsOf(items.view, scores.view, sizes.view, k))
  })
}

/** What lists hold; places behind their ends are nobody's. */
function listsOf(items: Int32Array, scores: Float64Array, sizes: Int32Array, k: number): View[] {
  const places = Array.from(items.keys()).filter((at) => at % k < sizes[Math.floor(at / k)]!)
  return [sizes, Int32Array.from(places, (at) => items[at]!), Float64Array.from(places, (at) => scores[at]!)]
}

test.each([
  [40, 1, false],
  [200, 7, false],
  [30, 29, true],
  [150, 12, true],
])('lists from a sparse product and their twin agree bit for bit (%i columns, k %i)', async (columns, k, isCosine) => {
  const kernel = await productLists('wasm', columns, k, isCosine)
  expect(await productLists('typescript', columns, k, isCosine)).toEqual(kernel)
})

/** @param spread how many times longer the longest item is than the shortest: decides how early users are done */
function factorLists(engine: Engine, factors: number, itemCount: number, k: number, spread: number) {
  const random = seededRandom(factors * itemCount)
  const blocks = Math.ceil(itemCount / 8)
  const users = Float32Array.from({ length: 12 * factors }, () => random.normal())
  users.fill(0, 5 * factors, 6 * factors)
  const items = new Float32Array(blocks * factors * 8)
  const lengths = new Float64Array(blocks)
  for (let place = 0; place < itemCount; place += 1) {
    const scale = spread ** (-place / itemCount)
    const first = Math.floor(place / 8) * factors * 8 + (place % 8)
    let squares = 0
    for (let factor = 0; factor < factors; factor += 1) {
      // Every ninth item is the one before it once more: equal scores, and then the lower number is first.
      const value = place % 9 === 8 && place % 8 > 0 ? items[first + factor * 8 - 1]! : random.normal() * scale
      items[first + factor * 8] = value
      squares += items[first + factor * 8]! ** 2
    }
    const block = Math.floor(place / 8)
    for (let before = 0; before <= block; before += 1) {
      lengths[before] = Math.max(lengths[before]!, Math.sqrt(squares))
    }
  }
  const own = randomRows(random, 12, itemCount, 0.1)
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const userLengths = Float64Array.from({ length: 12 }, (_, user) =>
      Math.hypot(...users.subarray(user * factors, (user + 1) * factors)),
    )
    const numbers = Int32Array.from({ length: itemCount }, (_, place) => itemCount - 1 - place)
    const at = [users, userLengths, items, numbers, lengths].map((values) => placed(arena, values))
    const ownAt = [own.starts, own.columns].map((values) => placed(arena, values))
    const outItems = arena.int32(12 * k)
    const outScores = arena.float64(12 * k)
    const sizes = arena.int32(12)
    const head = [...at, factors, itemCount, ...ownAt, k, outItems.at, outScores.at, sizes.at]
    await run('topByFactors', [
      [...head, 0, 4],
      [...head, 4, 12],
    ])
    expect(sizes.view[5]).toBe(0)
    expect(sizes.view[6]).toBeGreaterThan(0)
    return bytesOf(...listsOf(outItems.view, outScores.view, sizes.view, k))
  })
}

test.each([
  [64, 300, 10, 100],
  [64, 300, 10, 1],
  [7, 21, 30, 10],
  [128, 500, 1, 1e6],
  [1, 40, 5, 2],
])('lists by factors and their twin agree bit for bit (%i factors, %i items, k %i, spread %f)', async (...shape) => {
  expect(await factorLists('typescript', ...shape)).toEqual(await factorLists('wasm', ...shape))
})
