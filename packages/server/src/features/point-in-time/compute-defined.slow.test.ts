import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeatureEntity } from '@rapport/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type EntityKey, entityKeyOf, type FactHistory, interpretDefined } from '../defined/interpret.ts'
import type { Plan, Tree } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { computeDefined, type DefinedRow } from './compute-defined.ts'
import { entityColumns } from './moments-sql.ts'
import { randomDefinitions } from './random-definitions.contract.ts'
import { historyOf, randomMoments, randomRows, storeRandomRows } from './random-rows.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-defined-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const usesDecay = (plan: Plan, tree: Tree): boolean => {
  const leaf = tree.kind === 'leaf' ? plan.leaves[tree.leaf]! : null
  return leaf?.kind === 'aggregate' && leaf.aggregate === 'decayed-sum'
}

/** To the bit, but for decayed sums, whose order shows in the last digits. */
function mustEqual(plan: Plan, rows: readonly DefinedRow[], history: FactHistory): void {
  for (const { key, asOf, values } of rows)
    for (const { name, tree } of plan.features) {
      const reference = interpretDefined(plan, name, history, key, asOf)
      const isReal = usesDecay(plan, tree)
      const got = values[name]!
      if (isReal && typeof got === 'number' && typeof reference === 'number')
        expect(Math.abs(got - reference), `${name} of ${key}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(reference)),
        )
      else expect({ name, key, asOf, value: got }).toEqual({ name, key, asOf, value: reference })
    }
}

/** Everybody that something was known of by then. */
function everybody(plan: Plan, entity: FeatureEntity, history: FactHistory, asOf: number): string[] {
  const hasScore = (score: string): boolean => plan.leaves.some((leaf) => leaf.kind === 'score' && leaf.score === score)
  const keys: (EntityKey | null)[] = history.facts
    .filter((fact) => fact.at <= asOf && fact.receivedAt <= asOf)
    .map((fact) => entityKeyOf(entity, fact))
  if (plan.leaves.some(({ kind }) => kind === 'trait'))
    keys.push(...history.traits.filter(({ knownAt }) => knownAt <= asOf).map(({ customerId }) => [customerId]))
  keys.push(
    ...history.scores.filter((it) => hasScore(it.score) && it.asOf <= asOf).map(({ customerId }) => [customerId]),
  )
  return [...new Set(keys.flatMap((key) => (key === null ? [] : JSON.stringify(key))))].sort()
}

const entities = fc.constantFrom<FeatureEntity>(
  ...(['customer', 'customer', 'product', 'category', 'customer-product', 'customer-category'] as const),
)
const cases = fc.tuple(entities, fc.constantFrom(...randomMoments)).chain(([entity, moment]) =>
  fc.record({
    entity: fc.constant(entity),
    moment: fc.constant(moment),
    definitions: randomDefinitions(entity, 8),
    rows: randomRows(moment),
  }),
)

it('equals the interpreter for all that anything is known of', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ entity, moment, definitions, rows }) => {
      await storeRandomRows(warehouse, rows)
      const [plan, history] = [planFeatures(definitions), historyOf(rows)]
      const computed = await computeDefined(warehouse, plan, { entity, asOf: moment })
      expect(computed.map(({ key }) => JSON.stringify(key)).sort()).toEqual(everybody(plan, entity, history, moment))
      mustEqual(plan, computed, history)
    }),
    { numRuns: 200 },
  )
}, 600_000)

it('equals the interpreter for each of a training set as of its own moment', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ entity, moment, definitions, rows }) => {
      await storeRandomRows(warehouse, rows)
      const [plan, history] = [planFeatures(definitions), historyOf(rows)]
      const keys = [
        ['ada', 'p1'],
        ['bob', 'Women > Dresses'],
        ['p1', 'p2'],
        ['Women', 'Women'],
        ['nobody', 'p1'],
      ]
      const wanted = keys.flatMap((key) =>
        [0, 1, 3_600_000, dayMs - 1, dayMs, 31 * dayMs].map((age) => ({ key, asOf: moment - age })),
      )
      const columns = entityColumns[entity]
      await warehouse.stage('wanted', {
        ...Object.fromEntries(columns.map((column, at) => [column, wanted.map(({ key }) => key[at]!)])),
        as_of: Float64Array.from(wanted, ({ asOf }) => asOf),
      })
      try {
        const computed = await computeDefined(warehouse, plan, { entity, listed: 'wanted' })
        expect(computed.length).toBe(wanted.length)
        mustEqual(plan, computed, history)
      } finally {
        await warehouse.run('drop table wanted')
      }
    }),
    { numRuns: 200 },
  )
}, 600_000)
