import { deserialize, serialize } from 'node:v8'
import { type SparseMatrix, seededRandom, sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type AlsModel, type AlsOptions, fitAls } from './als.ts'
import { explainAls, foldInUsers, withUsers } from './als-fold-in.ts'
import { recommendAls, similarItemsAls } from './als-recommend.ts'

const small: AlsOptions = { factors: 6, rounds: 10, seed: 4, workers: 0 }

function randomInteractions(users: number, items: number, share: number, seed: number): SparseMatrix {
  const random = seededRandom(seed)
  const at: [number, number][] = []
  for (let user = 0; user < users; user += 1) {
    for (let item = 0; item < items; item += 1) if (random.uniform() < share) at.push([user, item])
  }
  const row = at.map(([user]) => user)
  const column = at.map(([, item]) => item)
  return sparseFromTriplets(
    users,
    items,
    row,
    column,
    at.map(() => 1 + random.integer(4)),
  )
}

/** Even users take even items, odd users odd ones, but for the diagonal: that is what each must get. */
function checkerboard(size: number): SparseMatrix {
  const row: number[] = []
  const column: number[] = []
  for (let user = 0; user < size; user += 1) {
    for (let item = user % 2; item < size; item += 2) {
      if (item === user) continue
      row.push(user)
      column.push(item)
    }
  }
  return sparseFromTriplets(size, size, row, column)
}

const rowsOf = ({ rows, rowStarts }: SparseMatrix): number[] =>
  Array.from({ length: rows }, (_, row) => new Array<number>(rowStarts[row + 1]! - rowStarts[row]!).fill(row)).flat()

const bytesOf = ({ userFactors, itemFactors }: AlsModel): Uint8Array[] =>
  [userFactors, itemFactors].map(({ values }) => new Uint8Array(values.buffer))

test('the withheld square of a checkerboard is the first recommendation, and like goes with like', async () => {
  const history = checkerboard(30)
  const model = await fitAls(history, { ...small, factors: 4 })
  const { items } = await recommendAls(model, history, { k: 1 })
  expect(Array.from(items)).toEqual(Array.from({ length: 30 }, (_, user) => user))
  expect(Array.from(similarItemsAls(model, 3, 5).items, (item) => item % 2)).toEqual([1, 1, 1, 1, 1])
})

test('the same seed gives the same bytes for any number of workers, another seed others', async () => {
  const history = randomInteractions(700, 90, 0.2, 1)
  const alone = await fitAls(history, { ...small, rounds: 3 })
  const threads = await fitAls(history, { ...small, rounds: 3, workers: 3 })
  expect(bytesOf(threads)).toEqual(bytesOf(alone))
  expect(threads.losses).toEqual(alone.losses)
  expect(bytesOf(await fitAls(history, { ...small, rounds: 3, seed: 5 }))).not.toEqual(bytesOf(alone))
})

test('the input is untouched', async () => {
  const history = randomInteractions(20, 10, 0.3, 2)
  const before = structuredClone(history)
  await fitAls(history, small)
  expect(history).toEqual(before)
})

test('the loss never rises from round to round', async () => {
  const { losses } = await fitAls(randomInteractions(120, 60, 0.1, 3), { ...small, traceLoss: true })
  expect(losses).toHaveLength(10)
  // Near the minimum single precision leaves the seventh digit open.
  for (let round = 1; round < losses.length; round += 1) {
    expect(losses[round]!).toBeLessThanOrEqual(losses[round - 1]! * (1 + 1e-6))
  }
})

test('a tolerance ends the rounds early, and going on from a model needs fewer', async () => {
  const history = randomInteractions(120, 60, 0.1, 3)
  const all = await fitAls(history, { ...small, rounds: 60 })
  const some = await fitAls(history, { ...small, rounds: 60, tolerance: 1e-4, traceLoss: true })
  expect(all.rounds).toBe(60)
  expect(some.rounds).toBeLessThan(60)
  expect(some.losses).toHaveLength(some.rounds)
  // What the steps say they took off is what the loss lost: the last round alone was below the tolerance.
  const empty = Array.from(history.values).reduce((sum, strength) => sum + 1 + 6 * strength, 0)
  const falls = some.losses.slice(1).map((loss, round) => (some.losses[round]! - loss) / empty)
  expect(falls.findIndex((fall) => fall < 1e-4)).toBe(some.rounds - 2)
  expect((await fitAls(history, { ...small, rounds: 60, tolerance: 1e-4, start: some })).rounds).toBe(1)
  const grown = sparseFromTriplets(120, 60, [...rowsOf(history), 0], [...history.columnIndices, 59])
  const next = await fitAls(grown, { ...small, rounds: 60, tolerance: 1e-4, start: some })
  const anew = await fitAls(grown, { ...small, rounds: 60, tolerance: 1e-4 })
  expect(next.rounds).toBeLessThan(anew.rounds)
})

test('lists are the same for any number of workers, and those that sorting all products gives', async () => {
  const history = randomInteractions(90, 70, 0.1, 12)
  const model = await fitAls(history, small)
  const lists = await recommendAls(model, history, { k: 7, workers: 0 })
  expect(await recommendAls(model, history, { k: 7, workers: 3 })).toEqual(lists)
  for (let user = 0; user < 90; user += 1) {
    const own = history.columnIndices.subarray(history.rowStarts[user], history.rowStarts[user + 1])
    const scores = Array.from({ length: 70 }, (_, item) => {
      let sum = 0
      for (let factor = 0; factor < 6; factor += 1) {
        sum += model.userFactors.values[user * 6 + factor]! * model.itemFactors.values[item * 6 + factor]!
      }
      return { item, score: sum }
    })
    const known = scores.filter(({ item }) => !own.includes(item))
    const best = known.sort((one, two) => two.score - one.score || one.item - two.item).slice(0, 7)
    expect(Array.from(lists.items.subarray(user * 7, user * 7 + 7))).toEqual(best.map(({ item }) => item))
    expect(Array.from(lists.scores.subarray(user * 7, user * 7 + 7))).toEqual(best.map(({ score }) => score))
  }
})

test('putting users in another order puts their factors in that order', async () => {
  const history = randomInteractions(40, 20, 0.25, 6)
  const model = await fitAls(history, { ...small, rounds: 5 })
  const triplets: { row: number; column: number; value: number }[] = []
  for (let user = 0; user < 40; user += 1) {
    for (let at = history.rowStarts[user]!; at < history.rowStarts[user + 1]!; at += 1) {
      triplets.push({ row: 39 - user, column: history.columnIndices[at]!, value: history.values[at]! })
    }
  }
  const turned = sparseFromTriplets(
    40,
    20,
    triplets.map(({ row }) => row),
    triplets.map(({ column }) => column),
    triplets.map(({ value }) => value),
  )
  const other = await fitAls(turned, { ...small, rounds: 5 })
  // The items' sums run in another order, so single precision differs.
  other.userFactors.values.forEach((factor, at) => {
    const user = 39 - Math.floor(at / 6)
    expect(Math.abs(factor - model.userFactors.values[user * 6 + (at % 6)]!)).toBeLessThan(1e-3)
  })
})

test('a user without history and an item without users get zeros and no recommendation', async () => {
  const history = sparseFromTriplets(3, 4, [0, 0, 2], [0, 2, 2])
  const model = await fitAls(history, small)
  expect(Array.from(model.userFactors.values.subarray(6, 12))).toEqual([0, 0, 0, 0, 0, 0])
  const { items } = await recommendAls(model, history, { k: 4, repeats: true })
  expect(Array.from(items.subarray(4, 8))).toEqual([-1, -1, -1, -1])
  expect(items).not.toContain(1)
  expect(items).not.toContain(3)
  expect(similarItemsAls(model, 1).items).toHaveLength(0)
  expect(explainAls(model, history, 1, 0)).toBeUndefined()
})

test('one item and one user are enough', async () => {
  const history = sparseFromTriplets(1, 1, [0], [0])
  const model = await fitAls(history, { ...small, factors: 1 })
  expect((await recommendAls(model, history)).items[0]).toBe(-1)
  expect((await recommendAls(model, history, { repeats: true })).items[0]).toBe(0)
})

test('folding in the users of the fit gives their factors, and new ones theirs', async () => {
  const history = randomInteractions(60, 30, 0.2, 8)
  const model = await fitAls(history, { ...small, rounds: 60, steps: 12 })
  const folded = foldInUsers(model, history)
  // The fit's last half round moved the items once more.
  folded.values.forEach((factor, at) => {
    expect(Math.abs(factor - model.userFactors.values[at]!)).toBeLessThan(0.02)
  })
  const newcomer = sparseFromTriplets(1, 30, [0, 0], [1, 5])
  expect((await recommendAls(withUsers(model, newcomer), newcomer, { k: 3 })).items).not.toContain(5)
})

test('an explanation adds up to the score of the folded-in user', async () => {
  const history = randomInteractions(50, 25, 0.2, 9)
  const model = await fitAls(history, small)
  const folded = withUsers(model, history)
  for (let user = 0; user < 50; user += 7) {
    const explanation = explainAls(model, history, user, 11)!
    const total = explanation.because.scores.reduce((sum, part) => sum + part, 0)
    expect(total).toBeCloseTo(explanation.score, 12)
    const list = await recommendAls(folded, history, { users: [user], k: 25, repeats: true })
    expect(list.scores[list.items.indexOf(11)]).toBeCloseTo(explanation.score, 5)
  }
})

test('a saved model recommends as before', async () => {
  const history = randomInteractions(30, 15, 0.2, 10)
  const model = await fitAls(history, small)
  const loaded = deserialize(serialize(model)) as AlsModel
  expect(await recommendAls(loaded, history)).toEqual(await recommendAls(model, history))
})

test('work that is aborted stops', async () => {
  const abort = new AbortController()
  const work = { signal: abort.signal, onProgress: () => abort.abort() }
  await expect(fitAls(randomInteractions(30, 15, 0.2, 10), small, work)).rejects.toThrow(
    'the work was stopped before it was done',
  )
})

test.each([
  [{ factors: 0 }, 'factors must be 1 … 1024, got 0'],
  [{ regularization: 0 }, 'regularization must be finite and above 0, got 0'],
  [{ confidence: -1 }, 'confidence must be finite and above 0, got -1'],
  [{ rounds: 1.5 }, 'rounds must be a whole number of at least 1, got 1.5'],
])('refuses %o', async (options, message) => {
  await expect(fitAls(checkerboard(4), { ...small, ...options })).rejects.toThrow(message)
})

test('refuses a start with other items', async () => {
  const start = await fitAls(checkerboard(6), small)
  await expect(fitAls(checkerboard(8), { ...small, start })).rejects.toThrow(
    'the model to start from must have 8 users, 8 items and 6 factors, got 6, 6 and 6',
  )
  await expect(fitAls(checkerboard(8), { ...small, tolerance: -1 })).rejects.toThrow(
    'tolerance must be finite and at least 0, got -1',
  )
})

test('refuses interactions that are negative or none', async () => {
  await expect(fitAls(sparseFromTriplets(1, 1, [0], [0], [-1]), small)).rejects.toThrow(
    'interactions must be finite and at least 0, got -1 for user 0, item 0',
  )
  await expect(fitAls(sparseFromTriplets(2, 2, [0], [0], [0]), small)).rejects.toThrow(
    'there must be at least one interaction, got none',
  )
})
