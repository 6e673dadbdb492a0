import type { Leaf, Pattern, Plan, Tree } from '../defined/plan.ts'
import type { RawFact, Step } from './story.contract.ts'

/** A mistake that somebody could make in an execution; the agreement test must see each. */
export interface PlantedBug {
  readonly name: string
  readonly in: 'SQL' | 'live'
  /** What its statements are instead; one that stays the same is no mistake yet. */
  readonly sql?: (statement: string) => string
  /** What it takes the plan for. */
  readonly plan?: (plan: Plan) => Plan
  /** What it takes a step for; undefined where it misses it. A new planting has a new memory. */
  readonly step?: () => (step: Step) => Step | undefined
  /** The time zone that it takes the store's for. */
  readonly timezone?: string
  /** What it is about: other features are left out. Default: anything. */
  readonly about?: Leaf['kind'] | Tree['kind']
  /** Time passes only with facts. */
  readonly isTimeless?: true
}

const inSql = (name: string, pattern: RegExp, put: string, about?: PlantedBug['about']): PlantedBug => ({
  ...{ name, in: 'SQL', ...(about && { about }) },
  sql: (statement) => statement.replaceAll(pattern, put),
})

const inPlan = (name: string, change: (leaf: Leaf) => Leaf): PlantedBug => ({
  ...{ name, in: 'live' },
  plan: (plan) => ({ ...plan, leaves: plan.leaves.map(change) }),
})

/** In what is made of leaves, at the top of a feature. */
const inTree = <Kind extends Tree['kind']>(
  name: string,
  kind: Kind,
  change: (tree: Extract<Tree, { kind: Kind }>) => Tree,
): PlantedBug => ({
  ...{ name, in: 'live', about: kind },
  plan: (plan) => ({
    ...plan,
    features: plan.features.map((feature) =>
      feature.tree.kind === kind
        ? { ...feature, tree: change(feature.tree as Extract<Tree, { kind: Kind }>) }
        : feature,
    ),
  }),
})

type Rolling = Extract<Extract<Leaf, { kind: 'aggregate' }>['window'], { kind: 'rolling' }>
const withRolling = (leaf: Leaf, change: (window: Rolling) => Rolling): Leaf =>
  'window' in leaf && leaf.window.kind === 'rolling' ? { ...leaf, window: change(leaf.window) } : leaf

const withPatterns = (leaf: Leaf, change: (pattern: Pattern) => Pattern): Leaf => {
  if (leaf.kind === 'aggregate')
    return {
      ...leaf,
      pattern: change(leaf.pattern),
      ...(leaf.weighed && { weighed: leaf.weighed.map((one) => ({ ...one, pattern: change(one.pattern) })) }),
    }
  if (leaf.kind !== 'sequence') return leaf
  const { first, next, without } = leaf
  return { ...leaf, first: change(first), next: change(next), without: without === null ? null : change(without) }
}

const inSteps = (name: string, step: () => (step: Step) => Step | undefined, about?: Leaf['kind']): PlantedBug => ({
  ...{ name, in: 'live', step },
  ...(about && { about }),
})
const inFacts = (name: string, change: (fact: RawFact) => RawFact | undefined): PlantedBug =>
  inSteps(name, () => (step) => {
    if (step.kind !== 'facts' && step.kind !== 'again') return step
    return { ...step, facts: step.facts.flatMap((fact) => change(fact) ?? []) }
  })
const without = (name: string, kind: Step['kind']): PlantedBug =>
  inSteps(name, () => (step) => (step.kind === kind ? undefined : step))

export const plantedBugs: readonly PlantedBug[] = [
  inSql('a window closed at its end', /occurred_at < /g, 'occurred_at <= '),
  inSql('a window open at its beginning', /occurred_at >= /g, 'occurred_at > '),
  inSql(
    'of equal moments the later key first',
    /order by occurred_at, key/g,
    'order by occurred_at, key desc',
    'sequence',
  ),
  inSql('a fact follows itself', /rows between 1 following/g, 'rows between current row', 'sequence'),
  inSql('what ends a sequence also breaks it', /_without_place >= /g, '_without_place > ', 'sequence'),
  inSql('gaps between equal moments', /count\(distinct occurred_at\)/g, 'count(occurred_at)'),
  inSql('a fact of a later time counts at once', /greatest\(occurred_at, received_at\)/g, 'received_at'),
  inSql('a path is within another that begins like it', /( > )('\)\))/g, '$2'),
  inSql('money of another currency is added', /fact\.currency = 'EUR'/g, 'true'),
  inSql('what is missing is another value', / <> ('[^']*')/g, ' is distinct from $1'),
  inSql('the first of a text’s values by any order', /\(occurred_at, key\)/g, '(-occurred_at, key)'),
  inPlan('a window one bucket too long', (leaf) =>
    withRolling(leaf, (window) => ({ ...window, buckets: window.buckets + 1 })),
  ),
  inPlan('a window one bucket too short', (leaf) =>
    withRolling(leaf, (window) => ({ ...window, buckets: Math.max(1, window.buckets - 1) })),
  ),
  inPlan('a window that ends now instead of before', (leaf) => withRolling(leaf, (window) => ({ ...window, skip: 0 }))),
  inPlan('buckets that begin with the hour', (leaf) =>
    withRolling(leaf, (window) =>
      window.grainMs === 60_000 && window.buckets > 60
        ? { ...window, grainMs: 3_600_000, buckets: Math.ceil(window.buckets / 60), skip: Math.floor(window.skip / 60) }
        : window,
    ),
  ),
  inPlan('the period before', (leaf) =>
    'window' in leaf && leaf.window.kind === 'calendar'
      ? { ...leaf, window: { ...leaf.window, ago: leaf.window.ago + 1 } }
      : leaf,
  ),
  inPlan('a session that never ends', (leaf) =>
    'window' in leaf && leaf.window.kind === 'session' ? { ...leaf, window: { kind: 'lifetime' } } : leaf,
  ),
  inPlan('a half-life one in a thousand too long', (leaf) =>
    leaf.kind === 'aggregate' && leaf.halfLifeMs !== null ? { ...leaf, halfLifeMs: leaf.halfLifeMs * 1.001 } : leaf,
  ),
  inPlan('facts that weigh with others are forgotten', (leaf) =>
    leaf.kind === 'aggregate' && leaf.weighed ? { ...leaf, weighed: leaf.weighed.slice(0, 1) } : leaf,
  ),
  inPlan('what is strongest by counts alone', (leaf) =>
    leaf.kind === 'aggregate' && leaf.weighed ? { ...leaf, halfLifeMs: 1e15 } : leaf,
  ),
  inSql('every text is as strong', / filter \(where total >= [^)]*\)/g, ''),
  inPlan('a sequence with an hour too much', (leaf) =>
    leaf.kind === 'sequence' ? { ...leaf, withinMs: leaf.withinMs + 3_600_000 } : leaf,
  ),
  inPlan('a sequence whose breaks are forgotten', (leaf) =>
    leaf.kind === 'sequence' ? { ...leaf, without: null } : leaf,
  ),
  inPlan('a limit that counts itself', (leaf) =>
    withPatterns(leaf, (pattern) => ({
      ...pattern,
      conditions: pattern.conditions.map((one) => (one.op === '>' ? { ...one, op: '>=' as const } : one)),
    })),
  ),
  inTree('weights that are forgotten', 'sum', (tree) => ({ ...tree, times: tree.times.map(() => 1) })),
  inTree('a condition at its own edge', 'given', (tree) => {
    const edges = { '>=': '>', '>': '>=', '<=': '<', '<': '<=', '=': '!=', '!=': '=' } as const
    return { ...tree, op: edges[tree.op] }
  }),
  inTree('a value without its condition', 'given', ({ of }) => of),
  inTree('a model whose inputs are in another order', 'model', (tree) => ({
    ...tree,
    inputs: tree.inputs.toReversed(),
  })),
  inTree('a model whose calibration is forgotten', 'model', (tree) => ({
    ...tree,
    scoring: tree.scoring && { ...tree.scoring, slope: 1, offset: 0 },
  })),
  inSql('what is missing goes to the other side', / or input_\d+ is null\)/g, ')', 'model'),
  inSql('a span to the first fact', /max\(occurred_at\)/g, 'min(occurred_at)'),
  { name: 'days of another time zone', in: 'live', timezone: 'America/Los_Angeles' },
  { name: 'time that passes only with facts', in: 'live', isTimeless: true },
  inFacts('late facts are lost', (fact) => (fact.signs.includes('late') ? undefined : fact)),
  inFacts('facts count when they come, not when they happened', (fact) => ({ ...fact, at: fact.receivedAt })),
  inFacts('of equal moments the smaller key is the later', (fact) => ({ ...fact, key: 10n ** 15n - fact.key })),
  inFacts('what browsers did is nobody’s', (fact) =>
    fact.identity?.startsWith('anonymous:') ? { ...fact, identity: null } : fact,
  ),
  inFacts('texts without capitals', (fact) => ({ ...fact, fields: mapped(fact, (one) => String(one).toLowerCase()) })),
  inFacts('what is missing is zero', (fact) => ({ ...fact, fields: zeroed(fact) })),
  inSteps('duplicates count twice', () => {
    let key = 10n ** 16n
    return (step) => {
      if (step.kind !== 'again') return step
      key += 1n
      return { ...step, kind: 'facts', facts: step.facts.map((fact) => ({ ...fact, key: fact.key + key })) }
    }
  }),
  inSteps('a restart loses what came since the snapshot', () => {
    let isAfter = false
    return (step) => {
      if (step.kind === 'restart') isAfter = true
      if (step.kind !== 'facts' || !isAfter) return step
      isAfter = false
      return undefined
    }
  }),
  without('merges are forgotten', 'merge'),
  without('what was merged stays so', 'unmerge'),
  without('erasures are forgotten', 'erase'),
  inSteps(
    'the first trait holds',
    () => (step) => {
      if (step.kind !== 'traits') return step
      return { ...step, traits: step.traits.map((trait) => ({ ...trait, knownAt: 3e12 - trait.knownAt })) }
    },
    'trait',
  ),
  inSteps(
    'the first score holds',
    () => (step) => {
      if (step.kind !== 'scores') return step
      return { ...step, scores: step.scores.map((score) => ({ ...score, asOf: 3e12 - score.asOf })) }
    },
    'score',
  ),
]

type Fields = RawFact['fields']

const mapped = ({ fields }: RawFact, change: (value: string) => string): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, typeof value === 'string' ? change(value) : value]),
  )

const zeroed = ({ fields }: RawFact): Fields => ({
  ...fields,
  ...Object.fromEntries(['quantity', 'price', 'discount'].map((field) => [field, fields[field] ?? 0])),
})
