import { inTurns, now, servingMs, type Work } from '../../base/index.ts'
import { customersNamed, storeCustomers } from '../../features/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { CompiledSegments } from '../live/compiled.ts'
import { type Declared, placedOver, readDeclared } from '../live/declared.ts'
import { Evaluation } from '../live/evaluation.ts'
import { leavesBehind } from '../placed/placed-values.ts'
import { ListedCustomers } from './listed-customers.ts'
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
  const declared = await readDeclared(warehouse, state)
  const { compiled } = declared
  const { models } = declared.placed
  const lists = await ListedCustomers.read(warehouse, declared.lists)
  // Products and categories have features too, and are asked for elsewhere.
  const ofCustomers = compiled.plan.leaves.flatMap((leaf, place) =>
    'entity' in leaf && leaf.entity !== 'customer' ? [] : [place],
  )
  const leaves = leavesBehind(ofCustomers, compiled.plan, models)
  // Of whom nothing is known that counts must be looked at only where a rule holds for them.
  const known = await knownBeside(warehouse, declared, customers)
  const candidates = new Set([...known, ...lists.customers()])
  const request = { leaves, asOf, isMeant: true, ...(customers ? { customers } : {}) }
  const read = await WarehouseValues.read(warehouse, compiled.plan, request, work)
  const values = placedOver(read, declared)
  const evaluation = new Evaluation(compiled, values, lists)
  const evaluate = (customer: string) => evaluation.turnTo(customer, asOf)
  const isWanted = (customer: string): boolean => customers === undefined || candidates.has(customer)
  const others = customers === undefined ? candidates : customers.filter((id) => candidates.has(id))
  const members = await inTurns(membersBy(compiled, read, evaluate, { isWanted, others }), servingMs)
  const profiled = await customersNamed(warehouse, customers ?? [])
  // Of everybody nobody else is looked at.
  const isProfiled = (id: string): boolean => customers === undefined || profiled.has(id)
  return { compiled, lists, values, isProfiled, isReady: true, filling: null, members }
}

/** Who may be in a segment though nothing is known of them that counts; of those who are asked for, who is known at all. */
async function knownBeside(
  warehouse: Warehouse,
  { areAllMeant }: Declared,
  among: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (among !== undefined) return storeCustomers(warehouse, { among })
  return areAllMeant ? storeCustomers(warehouse) : []
}

function* membersBy(
  { segments }: CompiledSegments,
  values: WarehouseValues,
  evaluate: (customer: string) => Evaluation,
  { isWanted, others }: { readonly isWanted: (customer: string) => boolean; readonly others: Iterable<string> },
): Generator<void, StandingMembers> {
  const found = new Map(segments.map(({ definition }) => [definition.id, new Set<string>()]))
  const look = (customer: string): void => {
    const evaluation = evaluate(customer)
    for (const [place, { definition }] of segments.entries())
      if (evaluation.isMember(place)) found.get(definition.id)!.add(customer)
  }
  for (const [row, customer] of values.customers.entries()) {
    values.goTo(row)
    if (isWanted(customer)) look(customer)
    yield
  }
  // Whoever is looked at twice is in the same segments twice.
  for (const customer of others) {
    look(customer)
    yield
  }
  return {
    size: (segment) => found.get(segment)!.size,
    members: (segment) => found.get(segment)!,
    overlap: (one, other) => [...found.get(one)!].filter((id) => found.get(other)!.has(id)).length,
    segmentsOf: (customer) => [...found].flatMap(([segment, ids]) => (ids.has(customer) ? segment : [])),
  }
}
