import { evaluateTree, type FeatureValue } from '../../packages/server/src/features/defined/interpret.ts'
import { typeOfLeaf } from '../../packages/server/src/features/defined/plan-features.ts'
import { computeDefined } from '../../packages/server/src/features/point-in-time/compute-defined.ts'
import type { CompiledSegments } from '../../packages/server/src/segments/live/compiled.ts'
import { Evaluation } from '../../packages/server/src/segments/live/evaluation.ts'
import type { Warehouse } from '../../packages/server/src/warehouse/index.ts'

/** What one statement over the whole log says of a customer. */
export interface SqlCustomer {
  readonly features: Readonly<Record<string, FeatureValue>>
  readonly segments: readonly string[]
}

/** Every declared feature and the segments of every customer as of a moment, from one pass over the log. */
export async function sqlTable(
  warehouse: Warehouse,
  compiled: CompiledSegments,
  asOf: number,
): Promise<ReadonlyMap<string, SqlCustomer>> {
  const { plan } = compiled
  const leaves = plan.leaves.flatMap((leaf, place) =>
    'entity' in leaf && leaf.entity !== 'customer' ? [] : [{ leaf, place, name: `leaf_value_${place}` }],
  )
  const features = leaves.map(({ leaf, place, name }) => ({
    ...{ name, entity: 'customer' as const, type: typeOfLeaf(leaf), tree: { kind: 'leaf' as const, leaf: place } },
  }))
  const rows = await computeDefined(warehouse, { leaves: plan.leaves, features }, { asOf })
  const declared = plan.features.filter(({ name, entity }) => entity === 'customer' && !name.includes('/'))
  return new Map(
    rows.map(({ key, values }) => {
      const leafValue = (leaf: number): FeatureValue => values[`leaf_value_${leaf}`] ?? null
      const evaluation = new Evaluation(
        compiled,
        { leafValue: (_key, leaf) => leafValue(leaf), leafChangesAt: () => Number.POSITIVE_INFINITY },
        { isListed: () => false },
      ).turnTo(key[0]!, asOf)
      const segments = compiled.segments.flatMap(({ definition }, place) =>
        evaluation.isMember(place) ? definition.id : [],
      )
      const own = Object.fromEntries(declared.map(({ name, tree }) => [name, evaluateTree(tree, leafValue)]))
      return [key[0]!, { features: own, segments: segments.sort() }] as const
    }),
  )
}
