import { matrix } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { FeatureMatrix } from '../../../features/index.ts'
import { readDefinition } from './definition.ts'
import { RememberedReads } from './remembered-reads.ts'

const asked = (purpose: 'profiling' | 'marketing.email', horizonDays = 30) =>
  readDefinition({
    ...{ name: 'comes-back', label: 'a purchase', horizonDays, purpose },
    population: { feature: 'recency_days', op: '<=', value: 60 },
    target: { kind: 'happens', of: { purchase: true } },
  })

test('a cohort is read once for each population, purpose and cut', async () => {
  const reads = new RememberedReads()
  let count = 0
  const read = async () => {
    count += 1
    return { customerIds: [], withoutConsent: count }
  }
  const ask = (prediction: ReturnType<typeof asked>, cut: number) => reads.cohort(prediction, cut, read)
  const first = await ask(asked('profiling'), 1)
  expect(await ask(asked('profiling', 60), 1)).toBe(first)
  expect((await ask(asked('marketing.email'), 1)).withoutConsent).toBe(2)
  expect((await ask(asked('profiling'), 2)).withoutConsent).toBe(3)
})

test('features are read again where a customer, a moment or a feature differs', async () => {
  const reads = new RememberedReads()
  const features = [{ name: 'orders' }] as unknown as FeatureMatrix['features']
  const read = async (): Promise<FeatureMatrix> => ({
    ...{
      customerIds: [],
      asOf: new Float64Array(0),
      names: [],
      features: [],
      matrix: matrix(0, 0),
      categories: new Map(),
    },
  })
  const ask = (asOf: number, customerIds: readonly string[], catalogue = features) =>
    reads.features([{ asOf, customerIds }], catalogue, read)
  const first = await ask(1, ['a', 'b'])
  expect(await ask(1, ['a', 'b'])).toBe(first)
  for (const other of [await ask(1, ['a', 'c']), await ask(2, ['a', 'b']), await ask(1, ['a', 'b'], [])]) {
    expect(other).not.toBe(first)
  }
})
