import { matrixFromRows, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { explainBoosting } from '../explain/explain-boosting.ts'
import { fitBoostingRanking } from './fit-boosting-ranking.ts'
import { predictBoostingMargin } from './predict-boosting.ts'

/** Sessions of six products each; the price, and whether it is new, say what is wanted. */
function makeSessions(sessions: number, seed: number) {
  const random = seededRandom(seed)
  const rows = Array.from({ length: 6 * sessions }, () => [random.uniform(), random.integer(2), random.normal()])
  const relevance = rows.map(([price, isNew]) => Math.floor(3 * (1 - price!) * (isNew ? 1 : 0.6)))
  return { data: matrixFromRows(rows), relevance, queries: rows.map((_, row) => `session ${Math.floor(row / 6)}`) }
}

const options = { rounds: 20, rowsPerLeafMin: 5, seed: 1 }

test('what is wanted comes first: most pairs of a session that was not seen are in order', async () => {
  const seen = makeSessions(80, 1)
  const model = await fitBoostingRanking(seen.data, seen.relevance, seen.queries, options)
  const unseen = makeSessions(40, 2)
  const margins = predictBoostingMargin(model, unseen.data)
  let right = 0
  let all = 0
  margins.forEach((margin, row) => {
    for (let other = row + 1; other < 6 * Math.floor(row / 6 + 1); other += 1) {
      const gap = unseen.relevance[row]! - unseen.relevance[other]!
      if (gap === 0) continue
      all += 1
      if (gap * (margin - margins[other]!) > 0) right += 1
    }
  })
  expect(right / all).toBeGreaterThan(0.97)
})

test('rows of a query need not stand together, and names of queries do not matter', async () => {
  const { data, relevance, queries } = makeSessions(30, 3)
  const numbers = queries.map((query) => 7 * Number(query.slice(8)))
  expect(await fitBoostingRanking(data, relevance, numbers, options)).toEqual(
    await fitBoostingRanking(data, relevance, queries, options),
  )
})

test('the same bytes for any number of workers, whole queries of weight 0 have no say, contributions sum to margins', async () => {
  const { data, relevance, queries } = makeSessions(60, 4)
  const one = await fitBoostingRanking(data, relevance, queries, { ...options, workers: 0 })
  expect(await fitBoostingRanking(data, relevance, queries, { ...options, workers: 2 })).toEqual(one)
  const weights = queries.map((_, row) => Number(row < 180))
  const spoiled = relevance.map((grade, row) => (row < 180 ? grade : 2 - Math.min(2, grade)))
  expect((await fitBoostingRanking(data, spoiled, queries, { ...options, weights })).trees).toEqual(
    (await fitBoostingRanking(data, relevance, queries, { ...options, weights })).trees,
  )
  const { base, contributions } = explainBoosting(one, data)
  predictBoostingMargin(one, data).forEach((margin, row) => {
    const sum = Float64Array.from(rowOf(contributions, row)).reduce((total, part) => total + part, base)
    expect(Math.abs(sum - margin)).toBeLessThan(1e-9)
  })
})

test('early stopping holds whole queries back and keeps the rounds up to the best', async () => {
  const { data, relevance, queries } = makeSessions(60, 5)
  const earlyStopping = { share: 0.3, patience: 3 }
  const model = await fitBoostingRanking(data, relevance, queries, { ...options, rounds: 200, earlyStopping })
  expect(model.rounds).toBeGreaterThan(0)
  expect(model.rounds).toBeLessThan(200)
})

test('linear gains take amounts, and what cannot be used is refused', async () => {
  const { data, relevance, queries } = makeSessions(20, 6)
  const amounts = relevance.map((grade) => 12.5 * grade)
  expect((await fitBoostingRanking(data, amounts, queries, { ...options, gains: 'linear' })).rounds).toBe(20)
  const refuse = (run: Promise<unknown>, message: string) => expect(run).rejects.toThrow(message)
  await refuse(
    fitBoostingRanking(data, amounts, queries, options),
    'relevance must be a whole number from 0 to 31, got',
  )
  await refuse(
    fitBoostingRanking(data, relevance, queries.slice(1), options),
    'queries must hold one a row, 120, got 119',
  )
  await refuse(
    fitBoostingRanking(
      data,
      relevance.map(() => 1),
      queries,
      options,
    ),
    'some query must have documents of different relevance',
  )
  await refuse(
    fitBoostingRanking(data, relevance, queries, { ...options, positions: 0 }),
    'positions must be a whole number',
  )
  const negative = relevance.map((grade) => -grade)
  await refuse(
    fitBoostingRanking(data, negative, queries, { ...options, gains: 'linear' }),
    'relevance must be at least 0',
  )
})
