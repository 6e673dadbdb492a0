import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { featureDefinition } from '@rapport/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Fact } from '../defined/fact.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { LiveFeatures } from './live-features.ts'
import { LiveTrial, timezone } from './live-trial.contract.ts'
import { start } from './random-live.contract.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-snapshot-'))
})
afterAll(() => rm(folder, { recursive: true }))

const planOf = (name: string) => {
  const value = { aggregate: 'count', from: { events: name } }
  return planFeatures([featureDefinition.parse({ name: 'it', label: 'it', value })])
}

const fact = (index: number, at: number): Fact => ({
  ...{ kind: 'event', key: BigInt(index), at, receivedAt: start, customerId: `c${index % 5000}`, name: 'View' },
  ...{ call: 'track', fields: {} },
})

it('goes on from a snapshot that was written while facts came, with facts that wait and keys that were taken', async () => {
  const path = join(folder, 'live')
  const trial = new LiveTrial(planOf('View'))
  trial.take(Array.from({ length: 5000 }, (_, index) => fact(index, start)))
  trial.take([fact(5001, start + 1000)])
  let isSaved = false
  const saving = trial.live.save(path, 'shop').then(() => {
    isSaved = true
  })
  let came = 10_000
  for (; !isSaved; came += 7) {
    trial.take([fact(came, start)])
    await turn()
  }
  await saving
  const again = new LiveFeatures(trial.plan, timezone, trial.reader)
  expect(await again.restore(path, 'shop')).toBe('restored')
  // What came after the end of writing is taken in again from the log.
  const counts = new Map<string, number>()
  for (const { customerId, at } of trial.facts.slice(0, 4999 + again.position))
    if (at === start) counts.set(customerId!, (counts.get(customerId!) ?? 0) + 1)
  expect(again.position).toBeGreaterThan(2)
  const restored = Array.from(counts.keys(), (customer) => [customer, again.leafValue([customer], 0, start)])
  expect(restored).toEqual([...counts])
  again.take({ facts: [fact(4000, start)], position: again.position + 1 }, start)
  expect(again.leafValue(['c4000'], 0, start)).toBe(trial.live.leafValue(['c4000'], 0, start))
  expect(again.leafChangesAt(['c1'], 0, start)).toBe(start + 1000)
  expect(await readdir(folder)).toEqual(['live'])
})

it('refuses a snapshot of another plan or store, and one that is not whole', async () => {
  const path = join(folder, 'refused')
  const trial = new LiveTrial(planOf('View'))
  trial.take([fact(1, start)])
  await trial.live.save(path, 'shop')
  const restored = (plan = planOf('View'), store = 'shop', from = path) =>
    new LiveFeatures(plan, timezone, trial.reader).restore(from, store)
  expect(await restored()).toBe('restored')
  expect(await restored(planOf('Add'))).toBe('other-plan')
  expect(await restored(planOf('View'), 'another')).toBe('other-store')
  expect(await restored(planOf('View'), 'shop', join(folder, 'nowhere'))).toBe('none')
  const bytes = await readFile(path)
  await writeFile(path, bytes.subarray(0, bytes.length - 1))
  expect(await restored()).toBe('damaged')
  bytes[40]! ^= 1
  await writeFile(path, bytes)
  expect(await restored()).toBe('damaged')
})
