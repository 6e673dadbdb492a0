import type { FactKind } from '../defined/fact.ts'
import type { Condition, Leaf, Pattern, Plan } from '../defined/plan.ts'

/** What a plan reads of the store: nothing else is fetched for it. */
export interface Needs {
  readonly event: FactNeeds | null
  readonly line: FactNeeds | null
  readonly traits: readonly string[]
  readonly scores: readonly string[]
  /** Whether facts count whose customer nobody knows: for products and categories. */
  readonly nobodys: boolean
}

/** What is read of the facts of a kind. */
export interface FactNeeds {
  /** Names of events, kinds of lines; null where any counts. */
  readonly names: readonly string[] | null
  readonly fields: readonly string[]
}

/** What these leaves of a plan read, all of them by default. */
export function needsOf({ leaves }: Pick<Plan, 'leaves'>): Needs {
  const [event, line] = [factNeeds(leaves, 'event'), factNeeds(leaves, 'line')]
  return {
    event,
    line,
    traits: [...new Set(leaves.flatMap((leaf) => (leaf.kind === 'trait' ? leaf.trait : [])))],
    scores: [...new Set(leaves.flatMap((leaf) => (leaf.kind === 'score' ? leaf.score : [])))],
    nobodys: leaves.some((leaf) => 'entity' in leaf && (leaf.entity === 'product' || leaf.entity === 'category')),
  }
}

/** The patterns that a leaf looks for. */
export function patternsOf(leaf: Leaf): readonly Pattern[] {
  if (leaf.kind === 'aggregate') return leaf.weighed?.map(({ pattern }) => pattern) ?? [leaf.pattern]
  if (leaf.kind === 'sequence') return [leaf.first, leaf.next, ...(leaf.without ? [leaf.without] : [])]
  return []
}

function factNeeds(leaves: readonly Leaf[], kind: FactKind): FactNeeds | null {
  const names = new Set<string | null>()
  const fields = new Set<string>()
  for (const leaf of leaves) {
    if (leaf.kind !== 'aggregate' && leaf.kind !== 'sequence') continue
    const patterns = patternsOf(leaf).filter((pattern) => pattern.kind === kind)
    for (const { name, conditions } of patterns) {
      names.add(name)
      for (const { field } of conditions as readonly Condition[]) fields.add(field)
    }
    if (leaf.kind === 'aggregate' && patterns.length > 0 && leaf.of !== null) fields.add(leaf.of.field)
    if (patterns.length > 0) for (const field of entityFields[leaf.entity]) fields.add(field)
    // Which session is the latest is seen from events of any name.
    if (leaf.window.kind === 'session' && kind === 'event') {
      names.add(null)
      fields.add('session_id')
    }
  }
  if (names.size === 0) return null
  return { names: names.has(null) ? null : ([...names].sort() as string[]), fields: [...fields].sort() }
}

/** What a fact must have to belong to an entity, but for its customer. */
export const entityFields = {
  customer: [],
  product: ['product_id'],
  category: ['category'],
  'customer-product': ['product_id'],
  'customer-category': ['category'],
} as const
