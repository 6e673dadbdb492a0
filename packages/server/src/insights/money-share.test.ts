import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { aboveEveryones, type MoneyShare } from './money-share.ts'

function shareOf(customers: readonly { readonly part: number; readonly whole: number }[]) {
  const sum = (of: (one: { part: number; whole: number }) => number): number =>
    customers.reduce((total, one) => total + of(one), 0)
  const share: MoneyShare = {
    part: sum(({ part }) => part),
    whole: sum(({ whole }) => whole),
    parts2: sum(({ part }) => part * part),
    crossed: sum(({ part, whole }) => part * whole),
    wholes2: sum(({ whole }) => whole * whole),
  }
  return { customers: customers.length, share }
}

const random = seededRandom(7)
const buyers = (count: number, chance: number) =>
  Array.from({ length: count }, () => {
    const whole = 20 + 10 * random.exponential(0.2)
    return { whole, part: random.uniform() < chance ? whole : 0 }
  })

test('a group that sends much more back stands out, the others do not', () => {
  expect(aboveEveryones([buyers(300, 0.4), buyers(900, 0.1), buyers(900, 0.1)].map((group) => shareOf(group)))).toEqual(
    [true, false, false],
  )
})

test('a single customer, or a few, never make a group stand out', () => {
  const one = [...buyers(500, 0), { whole: 5000, part: 5000 }]
  expect(aboveEveryones([shareOf(one), shareOf(buyers(500, 0.05))])).toEqual([false, false])
  expect(aboveEveryones([shareOf(buyers(29, 1)), shareOf(buyers(500, 0.05))])).toEqual([false, false])
})

test('without any money there is nothing to tell', () => {
  expect(aboveEveryones([shareOf([]), shareOf(buyers(50, 0).map(() => ({ whole: 0, part: 0 })))])).toEqual([
    false,
    false,
  ])
})

// 400 shops in which all groups are alike: at 2.5 %, more than 19 have a chance of 0.4 %.
test('groups that are alike are told apart no more often than the error rate allows', () => {
  let claims = 0
  for (let shop = 0; shop < 400; shop += 1) {
    if (aboveEveryones([60, 100, 200, 300].map((count) => shareOf(buyers(count, 0.15)))).includes(true)) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(19)
})
