import { inTurns, now, type Work } from '../../base/index.ts'
import { servedModels, storeBasis, storedFeatures } from '../../features/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { compileSegments } from '../live/compile.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import { Evaluation } from '../live/evaluation.ts'
import { storedLists } from '../live/stored-lists.ts'
import { storedSegmentDefinitions } from '../live/stored-segment-definitions.ts'
import type { Standing, StandingMembers } from './standing.ts'
import { WarehouseValues } from './warehouse-values.ts'

/**
 * Who is where as of now, from the warehouse, for when no server keeps it: one pass over the log.
 *
 * @param customers of whom to say it. Default: everybody
 */
export async function warehouseStanding(
  { warehouse, state }: { readonly warehouse: Warehouse; readonly state: State },
  work?: Work,
  customers?: readonly string[],
): Promise<Standing> {
  const asOf = now()
  const { timezone } = await storeBasis(warehouse, asOf)
  const features = (await storedFeatures(state.queries)).map(({ definition }) => definition)
  const segments = await storedSegmentDefinitions(state.queries)
  const models = await servedModels(warehouse)
  const compiled = compileSegments({ segments, features, models, timezone })
  const stored = await storedLists(state.queries)
  const lists = new Map([...stored].map(([id, listed]) => [id, new Set(listed)]))
  const isListed = (id: string, customer: string): boolean => lists.get(id)?.has(customer) ?? false
  // Products and categories have features too, and are asked for elsewhere.
  const leaves = compiled.plan.leaves.flatMap((leaf, place) =>
    'entity' in leaf && leaf.entity !== 'customer' ? [] : [place],
  )
  const request = { leaves, asOf, ...(customers ? { customers } : {}) }
  const values = await WarehouseValues.read(warehouse, compiled.plan, request, work)
  const evaluate = (customer: string) => new Evaluation(compiled, values, { isListed }, customer, asOf)
  const listed = customers ?? [...lists.values()].flatMap((ids) => [...ids])
  const members = await inTurns(membersBy(compiled, values, evaluate, listed))
  return { compiled, lists: { isListed }, values, isReady: true, filling: null, members }
}

function* membersBy(
  { segments }: CompiledSegments,
  values: WarehouseValues,
  evaluate: (customer: string) => Evaluation,
  others: readonly string[],
): Generator<void, StandingMembers> {
  const found = new Map(segments.map(({ definition }) => [definition.id, new Set<string>()]))
  const look = (customer: string): void => {
    const evaluation = evaluate(customer)
    for (const [place, { definition }] of segments.entries())
      if (evaluation.isMember(place)) found.get(definition.id)!.add(customer)
  }
  for (const [row, customer] of values.customers.entries()) {
    values.goTo(row)
    look(customer)
    yield
  }
  for (const customer of others) look(customer)
  return {
    size: (segment) => found.get(segment)!.size,
    members: (segment) => found.get(segment)!,
    overlap: (one, other) => [...found.get(one)!].filter((id) => found.get(other)!.has(id)).length,
    segmentsOf: (customer) => [...found].flatMap(([segment, ids]) => (ids.has(customer) ? segment : [])),
  }
}
