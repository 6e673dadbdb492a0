import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeatureEntity } from '@rapport/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type EntityKey, entityKeyOf, interpretLeaf } from '../defined/interpret.ts'
import type { Leaf, Plan } from '../defined/plan.ts'
import { agrees } from '../live/agrees.contract.ts'
import { disagreements, trialOf } from './agreement.contract.ts'
import { LiveExecution } from './live-execution.contract.ts'
import { StoredLog } from './stored-log.contract.ts'
import { entityKinds, type World } from './world.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-stored-log-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const sums = ['count', 'sum', 'min', 'max', 'distinct', 'first', 'last', 'most-frequent']
const isExact = (leaf: Leaf): boolean => leaf.kind !== 'aggregate' || sums.includes(leaf.aggregate)

const entityOf = (leaf: Leaf): FeatureEntity => ('entity' in leaf ? leaf.entity : 'customer')

function keysOf(world: World, entity: FeatureEntity): readonly EntityKey[] {
  const found = new Map<string, EntityKey>()
  for (const raw of world.raw) {
    const key = entityKeyOf(entity, world.factOf(raw))
    if (key !== null) found.set(JSON.stringify(key), key)
  }
  return [...found.values()].slice(0, 30)
}

test('the live engine beside a store says what the reference says, and so does the store of what it is asked', {
  timeout: 300_000,
}, async () => {
  let pairs = 0
  for (let turn = 0; turn < 2; turn += 1) {
    const trial = trialOf(fc.readConfigureGlobal().seed!, turn, {
      ...{ definitions: 80, people: 8, arrivals: 120, checks: 2 },
    })
    const log = new StoredLog(warehouse, trial.plan)
    const live = new LiveExecution(trial.plan, trial.story.timezone, folder, log)
    expect((await disagreements(trial, [live])).slice(0, 3)).toEqual([])
    for (const entity of entityKinds) pairs += await compareAsked(trial.plan, log, entity)
    await log.clear()
  }
  expect(pairs).toBeGreaterThan(2000)
})

/** @returns how many values were compared */
async function compareAsked(plan: Plan, log: StoredLog, entity: FeatureEntity): Promise<number> {
  const world = log.world!
  const keys = keysOf(world, entity)
  const leaves = plan.leaves.flatMap((leaf, place) => (entityOf(leaf) === entity ? place : []))
  if (keys.length === 0 || leaves.length === 0) return 0
  const { values } = await log.leafValues(entity, keys, leaves, log.now)
  const wrong = keys.flatMap((key, row) =>
    leaves.flatMap((leaf, column) => {
      const planned = plan.leaves[leaf]!
      const expected = interpretLeaf(planned, world.history(), key, log.now)
      const got = values[row]![column]!
      return agrees(expected, got, isExact(planned), 1) ? [] : { key, leaf: planned, expected, got }
    }),
  )
  expect(wrong.slice(0, 3)).toEqual([])
  return keys.length * leaves.length
}
