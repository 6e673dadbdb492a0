import { expect, test } from 'vitest'
import { chooseByLoss, gainOf } from './choose-by-loss.ts'

const of = (...losses: number[]) => Float64Array.from(losses)

test('a richer candidate must be better by more than one standard error', () => {
  const plain = { name: 'plain', losses: of(1, 1, 2, 2) }
  expect(chooseByLoss([plain, { name: 'sure', losses: of(0.9, 0.9, 1.9, 1.9) }], { measure: 'loss' }).best).toBe(1)
  // Better by 0.05 on average, give or take 0.26.
  expect(chooseByLoss([plain, { name: 'lucky', losses: of(1.5, 1, 1.3, 2) }], { measure: 'loss' })).toEqual({
    best: 0,
    because:
      'cross-validated loss within the training period: plain 1.5000, lucky 1.4500; a richer model is taken only when it is better by more than one standard error',
  })
})

test('each is compared with the best so far, not with the first', () => {
  const falling = [3, 2, 2.5].map((loss, at) => ({ name: String(at), losses: of(loss, loss + 0.5) }))
  expect(chooseByLoss(falling, { measure: 'loss' }).best).toBe(1)
})

test('a gain is of the same rows', () => {
  const { mean, error } = gainOf(of(1, 2, 3), of(0, 2, 1))
  expect(mean).toBe(1)
  // The gains are 1, 0 and 2: a variance of 2/3 over three rows.
  expect(error).toBeCloseTo(Math.sqrt(2 / 9), 12)
})

test('rows of one customer are no more news than one', () => {
  const [first, second] = [of(1, 2, 3), of(0, 2, 1)]
  const thrice = (losses: Float64Array): Float64Array => of(...losses, ...losses, ...losses)
  const customerIds = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']
  const { mean, error } = gainOf(thrice(first), thrice(second), customerIds)
  expect(mean).toBe(1)
  expect(error).toBeCloseTo(Math.sqrt(2 / 9), 12)
  expect(gainOf(thrice(first), thrice(second)).error).toBeCloseTo(Math.sqrt(2 / 27), 12)
})
