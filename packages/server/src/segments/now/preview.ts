import { elapsedMs, type Instant, inTurns, now, servingMs } from '../../base/index.ts'
import { factsToRead, servedModels, storeBasis, storeCustomers, storedFeatures } from '../../features/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { compileSegments, leavesOfSegments } from '../live/compile.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import { checkCounts } from '../live/count-error.ts'
import { knownSegments } from '../live/declared.ts'
import { Evaluation, type ListMembers } from '../live/evaluation.ts'
import { holdingOfNobody } from '../live/holds-of-nobody.ts'
import { nameErrors } from '../live/named-segments.ts'
import { readSegmentDefinition } from '../live/segment-definition.ts'
import { segmentsNamed } from '../live/segments-in-order.ts'
import { storedLists } from '../live/stored-lists.ts'
import type { LiveModel } from '../placed/live-model.ts'
import { inputDefinitions, leavesBehind, PlacedValues } from '../placed/placed-values.ts'
import { ListedCustomers } from './listed-customers.ts'
import { type NeverSeen, neverSeen } from './never-seen.ts'
import { type Reason, reasonsOf } from './reasons.ts'
import { SmallestIds } from './smallest-ids.ts'
import { type Interval, thinnedCount } from './thinned-count.ts'
import { WarehouseValues } from './warehouse-values.ts'

/** Who would be in a segment that nobody declared. */
export interface Preview {
  readonly asOf: Instant
  /** How many; an estimate where `isExact` is false. */
  readonly customers: number
  /** Whether everybody was looked at; else one customer in `oneIn`, and `between` holds the number in 95 of 100 cases. */
  readonly isExact: boolean
  readonly oneIn: number
  readonly between: Interval
  readonly sample: readonly { readonly customerId: string; readonly reasons: readonly Reason[] }[]
  /** What the rule goes by and the store has never seen. */
  readonly warnings: readonly NeverSeen[]
  readonly elapsedMs: number
}

export interface PreviewStores {
  readonly warehouse: Warehouse
  readonly state: State
}

export interface PreviewOptions {
  /** How many customers are named, those with the smallest ids. Default 10. */
  readonly sample?: number
  /** Up to how many facts to read everybody is looked at, and beyond one customer in 32. Default 500,000. */
  readonly exactUpTo?: number
  readonly signal?: AbortSignal
}

const previewed = 'rule.preview'
const oneInWhere = 32

/**
 * Who is in a segment by a rule now, without declaring it: computed by the warehouse as of now from what the rule asks for,
 * and evaluated as the live copy would.
 *
 * Somebody waits for it, so where much must be read, as when the log is long and the rule asks for all of it, a
 * thirty-second part of the customers is looked at and the rest estimated; which part follows from the ids, so that two
 * previews can be compared.
 *
 * @param rule a rule of live segments; it may name what is declared, and segments of families
 * @throws RapportError `segments.rule`, `features.*` with a JSON pointer into `{ rule }`
 */
export async function previewSegment(
  { warehouse, state }: PreviewStores,
  rule: unknown,
  { sample = 10, exactUpTo = 500_000, signal }: PreviewOptions = {},
): Promise<Preview> {
  const began = elapsedMs()
  const asOf = now()
  const wanted = readSegmentDefinition({ id: previewed, name: 'Preview', words: 'preview', rule })
  checkCounts(wanted.rule, `${previewed}/rule`)
  const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
  const store = await storeBasis(warehouse, asOf)
  const { segments, placed } = await knownSegments(warehouse, state)
  const { models: families, byAnalyses } = placed
  for (const error of nameErrors(wanted, { ids: segments.map(({ id }) => id), byAnalyses })) throw error
  const compiled = compileSegments({
    ...{ segments: [...segmentsNamed(wanted, segments), wanted], byAnalyses, timezone: store.timezone },
    features: [...features, ...inputDefinitions(families)],
    models: await servedModels(warehouse),
  })
  const lists = await storedLists(state.queries)
  const looking = new Looking({ compiled, families, lists, asOf, store })
  const { found, oneIn } = await looking.at(warehouse, { sample, exactUpTo, ...(signal ? { signal } : {}) })
  const customers = found.count * oneIn
  const warnings = await neverSeen(warehouse, compiled, previewed, signal ? { signal } : {})
  return {
    ...{ asOf, customers, isExact: oneIn === 1, oneIn },
    between: oneIn === 1 ? [customers, customers] : thinnedCount(found.count, oneIn),
    ...{ sample: found.sample, warnings, elapsedMs: Math.round(elapsedMs() - began) },
  }
}

type Basis = Awaited<ReturnType<typeof storeBasis>>

interface Found {
  readonly count: number
  readonly sample: Preview['sample']
}

interface LookingParts {
  readonly compiled: CompiledSegments
  /** Models of families, some of whose segments may be named. */
  readonly families: readonly LiveModel[]
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly asOf: Instant
  readonly store: Basis
}

/** Looks at everybody, or at a part, for the one segment. */
class Looking {
  private readonly parts: LookingParts
  private readonly place: number

  constructor(parts: LookingParts) {
    this.parts = parts
    this.place = parts.compiled.segments.findIndex(({ definition }) => definition.id === previewed)
  }

  async at(
    warehouse: Warehouse,
    { sample, exactUpTo, signal }: Required<Pick<PreviewOptions, 'sample' | 'exactUpTo'>> & PreviewOptions,
  ): Promise<{ readonly found: Found; readonly oneIn: number }> {
    const { compiled, families, lists, asOf, store } = this.parts
    const places = leavesBehind(leavesOfSegments(compiled), compiled.plan, families)
    const leaves = places.map((place) => compiled.plan.leaves[place]!)
    const isExact = (await factsToRead(warehouse, { leaves, asOf, isMeant: true, store })) <= exactUpTo
    const oneIn = isExact ? 1 : oneInWhere
    const share = isExact ? {} : { share: { index: 0, of: oneIn } }
    const values = await WarehouseValues.read(
      warehouse,
      compiled.plan,
      { leaves: places, asOf, isMeant: true, store, ...share },
      signal === undefined ? undefined : { signal },
    )
    const listed = await ListedCustomers.read(warehouse, lists, share.share)
    // Of whom nothing is known that counts must be looked at only where the rule holds for them, or a list names them.
    const others = new Set(listed.customers())
    if (holdingOfNobody(compiled).includes(this.place))
      for (const customer of await storeCustomers(warehouse, share)) others.add(customer)
    const evaluating = this.evaluated(values, { listed, others }, sample)
    return { found: await inTurns(stoppable(evaluating, signal), servingMs), oneIn }
  }

  private *evaluated(
    values: WarehouseValues,
    { listed, others }: { readonly listed: ListMembers; readonly others: Set<string> },
    sample: number,
  ): Generator<void, Found> {
    let count = 0
    const shown = new SmallestIds(sample)
    const { compiled, families, asOf } = this.parts
    const placed = new PlacedValues(values, compiled.plan, families)
    const evaluation = (customer: string) => new Evaluation(compiled, placed, listed, customer, asOf)
    const take = (customer: string): void => {
      if (!evaluation(customer).isMember(this.place)) return
      count += 1
      shown.add(customer)
    }
    for (const [row, customer] of values.customers.entries()) {
      values.goTo(row)
      take(customer)
      others.delete(customer)
      if (row % 100 === 99) yield
    }
    for (const customer of others) {
      take(customer)
      yield
    }
    const { root } = compiled.segments[this.place]!
    const named = shown.all().map((customerId) => {
      return { customerId, reasons: reasonsOf(evaluation(customerId), root) }
    })
    return { count, sample: named }
  }
}

/** The same steps until the signal says that nobody waits for them. */
function* stoppable<Result>(steps: Generator<void, Result>, signal: AbortSignal | undefined): Generator<void, Result> {
  for (;;) {
    signal?.throwIfAborted()
    const step = steps.next()
    if (step.done) return step.value
    yield
  }
}
