import type { FeatureDefinition } from '@rapport/protocol'
import { dayMs } from '../../base/index.ts'
import { referencesOf } from '../defined/lineage.ts'
import type { Leaf, Plan, PlannedFeature } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { leavesOf } from '../defined/tree.ts'
import type { Declared, Feature } from '../definition.ts'

/**
 * Declared features of customers as entries of the catalogue, so that whatever reads the catalogue reads them too. One that
 * has the name of another entry is called `own_` and its name: what the analysis counts on keeps its meaning.
 *
 * Scores of the past are not kept, so what is made of a score stays out of training.
 *
 * @param taken names of the other entries
 */
export function declaredCatalogue(
  definitions: readonly FeatureDefinition[],
  taken: ReadonlySet<string>,
): readonly Feature[] {
  const plan = planFeatures(definitions)
  const names = new Set([...taken, ...definitions.map(({ name }) => name)])
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  return plan.features.flatMap((planned, at) => {
    const definition = definitions[at]!
    if (planned.entity !== 'customer') return []
    return {
      ...{ name: freeName(planned.name, taken, names), label: definition.label, group: 'declared' },
      ...{ unit: definition.unit ?? 'number', type: planned.type === 'text' ? 'category' : 'number' },
      ...{ missing: 'as its definition says', trainable: !leavesUnder(plan, planned).some(isScore) },
      definition: { kind: 'declared', name: planned.name, definitions: closureOf(definition, byName) },
    } as const
  })
}

const isScore = ({ kind }: Leaf): boolean => kind === 'score'

const leavesUnder = ({ leaves }: Plan, { tree }: PlannedFeature): readonly Leaf[] =>
  leavesOf(tree).map((leaf) => leaves[leaf]!)

function freeName(name: string, taken: ReadonlySet<string>, all: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let own = `own_${name}`
  while (all.has(own)) own = `own_${own}`
  return own
}

/** The definition and all that it leads to, by name. */
function closureOf(
  definition: FeatureDefinition,
  byName: ReadonlyMap<string, FeatureDefinition>,
): readonly FeatureDefinition[] {
  const found = new Map([[definition.name, definition]])
  for (const one of found.values()) for (const name of referencesOf(one)) found.set(name, byName.get(name)!)
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** How far a declared feature's windows look back, days; what looks at all of history has no reach. */
export function declaredReach({
  name,
  definitions,
}: Declared): readonly { readonly of: 'event' | 'line'; readonly days: number }[] {
  const plan = planFeatures(definitions)
  const planned = plan.features.find((one) => one.name === name)!
  return leavesUnder(plan, planned).flatMap((leaf) => {
    if (leaf.kind !== 'aggregate' && leaf.kind !== 'sequence') return []
    const of = leaf.kind === 'aggregate' ? leaf.pattern.kind : leaf.first.kind
    const { window } = leaf
    if (window.kind === 'rolling') return { of, days: ((window.buckets + window.skip) * window.grainMs) / dayMs }
    if (window.kind === 'calendar') return { of, days: (window.ago + 1) * longestDays[window.unit] }
    return []
  })
}

const longestDays = { day: 1, week: 7, month: 31, year: 366 } as const
