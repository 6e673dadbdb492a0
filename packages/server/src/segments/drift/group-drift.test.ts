import { matrix, seededRandom } from '@rapport/numerics'
import { describe, expect, test } from 'vitest'
import { basisOfGroups, driftOfGroups, driftWords, type Grouped } from './group-drift.ts'

interface Shop {
  readonly customers: number
  readonly shares?: readonly [number, number, number]
  /** What is added to both columns of the first group. */
  readonly moved?: number
  /** What is added to a third column, which tells no groups apart. */
  readonly wider?: number
}

const middles = [
  [0, 0],
  [5, 0],
  [0, 5],
] as const

/** Three clouds and a column of noise. */
function shop(seed: number, { customers, shares = [0.5, 0.3, 0.2], moved = 0, wider = 0 }: Shop): Grouped {
  const random = seededRandom(seed)
  const data = matrix(customers, 3)
  const labels = new Int32Array(customers)
  for (let row = 0; row < customers; row += 1) {
    const drawn = random.uniform()
    const group = drawn < shares[0] ? 0 : drawn < shares[0] + shares[1] ? 1 : 2
    labels[row] = group
    const shift = group === 0 ? moved : 0
    data.values[3 * row] = middles[group]![0] + shift + random.normal()
    data.values[3 * row + 1] = middles[group]![1] + shift + random.normal()
    data.values[3 * row + 2] = random.normal() + wider
  }
  return { data, names: ['spend', 'visits', 'age'], labels }
}

const names = ['Savers', 'Spenders', 'Lookers']
const drift = (seed: number, before: Shop, after: Shop) =>
  driftOfGroups(basisOfGroups(shop(seed, before), 3), shop(seed + 1_000_000, after), names)
const alarms = (looks: number, before: Shop, after: Shop): number =>
  Array.from({ length: looks }, (_, seed) => drift(seed, before, after)).filter(({ isAlarm }) => isAlarm).length

describe('drift of groups', () => {
  test('customers drawn anew from the same shop raise an alarm in fewer than two of a hundred looks, few or many', () => {
    for (const customers of [60, 300, 3000]) expect(alarms(300, { customers }, { customers })).toBeLessThanOrEqual(6)
    expect(alarms(300, { customers: 3000 }, { customers: 80 })).toBeLessThanOrEqual(6)
  })

  test('what moved is found: shares, a middle, an input', () => {
    const customers = 1000
    const shares = drift(1, { customers }, { customers, shares: [0.2, 0.3, 0.5] })
    expect([shares.isAlarm, shares.shares.verdict]).toEqual([true, 'shifted'])
    const middle = drift(2, { customers }, { customers, moved: 1 })
    expect(middle.middles.map(({ verdict }) => verdict)).toEqual(['shifted', 'steady', 'steady'])
    expect(middle.middles[0]!.by).toBeGreaterThan(0.7)
    const input = drift(3, { customers }, { customers, wider: 1 })
    expect(input.inputs[0]).toMatchObject({ of: 'age', verdict: 'shifted' })
    expect(driftWords(input, 'winter')[0]).toContain('age (stability index')
    expect(alarms(50, { customers }, { customers, moved: 1 })).toBe(50)
    expect(alarms(50, { customers }, { customers, shares: [0.2, 0.3, 0.5] })).toBe(50)
  })

  test('a group that halved is an alarm where the index of all shares is below its level, one that chance halves is none', () => {
    const halved: Shop = { customers: 3000, shares: [0.59, 0.13, 0.28] }
    const { isAlarm, shares } = drift(5, { customers: 3000 }, halved)
    expect(shares.by).toBeLessThan(0.25)
    expect([isAlarm, shares.verdict]).toEqual([true, 'shifted'])
    expect(
      driftOfGroups(basisOfGroups(shop(5, { customers: 40 }), 3), shop(6, { ...halved, customers: 20 }), names).isAlarm,
    ).toBe(false)
    const small: Shop = { customers: 30_000, shares: [0.6, 0.38, 0.02] }
    expect(drift(7, small, { ...small, shares: [0.6, 0.392, 0.008] }).shares.verdict).toBe('steady')
  })

  test('a small move is told as one, and raises no alarm', () => {
    const customers = 5000
    const { isAlarm, shares } = drift(4, { customers }, { customers, shares: [0.37, 0.36, 0.27] })
    expect([isAlarm, shares.verdict]).toEqual([false, 'steady'])
    expect(drift(4, { customers }, { customers, shares: [0.34, 0.37, 0.29] }).shares.verdict).toBe('moved')
  })
})
