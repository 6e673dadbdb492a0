import { table } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { driftWords } from './group-drift.ts'
import { basisOfTaught, driftOfTaught } from './taught-drift.ts'

/** Half of them known by their spend; a class for the larger ones, nobody in the other. */
function shop(seed: number, customers: number, { wider = 0, limit = 1 } = {}) {
  const random = seededRandom(seed)
  const spend = Float64Array.from({ length: customers }, () => random.normal() + wider)
  const known = spend.map((value) => (random.uniform() < 0.5 ? value : Number.NaN))
  const country = Array.from(spend, () => 'DE')
  return {
    everybody: table([
      { name: 'spend', kind: 'number', values: known },
      { name: 'country', kind: 'text', values: country },
    ]),
    classOf: Int32Array.from(spend, (value) => (value > limit ? 1 : -1)),
  }
}
type Shop = Parameters<typeof shop>[2]

function drift(seed: number, after: Shop) {
  const [before, now] = [shop(seed, 2000), shop(seed + 1_000_000, 1500, after)]
  return driftOfTaught(basisOfTaught(before.everybody, before.classOf, 2), now.everybody, now.classOf, ['no', 'yes'])
}

test('a shop that stays as it was raises an alarm in fewer than one look of twenty', () => {
  const alarms = Array.from({ length: 100 }, (_, seed) => drift(seed, {})).filter(({ isAlarm }) => isAlarm)
  expect(alarms.length).toBeLessThan(5)
})

test('an input that moved and a class that grew are told apart, and said', () => {
  const wider = drift(1, { wider: 1, limit: 2 })
  expect(wider).toMatchObject({ isAlarm: true, middles: [], inputs: [{ of: 'spend', verdict: 'shifted' }] })
  expect(wider.shares.verdict).toBe('steady')
  const larger = drift(1, { limit: 0 })
  expect(larger).toMatchObject({ isAlarm: true, shares: { verdict: 'shifted' }, inputs: [{ verdict: 'steady' }] })
  expect(driftWords(larger, 'dear', true).join()).toMatch(
    /^Customers are not as they were when dear was taught: how many are in each class \(stability index \d\.\d\d\) moved\. Teach it again/,
  )
  expect(driftWords(drift(1, {}), 'dear', true)).toEqual([])
})
