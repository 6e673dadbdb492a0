import type { Instant, Work } from '../../base/index.ts'
import {
  type FeatureValue,
  type LiveValues,
  type Plan,
  readDefined,
  type storeBasis,
  typeOfLeaf,
  withoutFacts,
} from '../../features/index.ts'
import { type Warehouse, withStaged } from '../../warehouse/index.ts'

/** Whom to read, and as of when. */
export interface ValuesRequest {
  /** Leaves of the plan by their places, of customers all. */
  readonly leaves: readonly number[]
  readonly asOf: Instant
  /** Default: everybody of whom anything is known. */
  readonly customers?: readonly string[]
  /** Whether those are left out of whom nothing is known that counts. Default: no. */
  readonly isMeant?: boolean
  /** One of so many parts of the customers. Default: all. */
  readonly share?: { readonly index: number; readonly of: number }
  /** What the store is as of the moment, where that is known. Default: it is looked up. */
  readonly store?: Awaited<ReturnType<typeof storeBasis>>
}

/**
 * What leaves of a plan come to of customers as of one moment, computed by the warehouse in one pass over the log: what the
 * live copy would say of them.
 */
export class WarehouseValues implements LiveValues {
  /** `[rows]` */
  readonly customers: readonly string[]
  private readonly plan: Plan
  private readonly columns: ReadonlyMap<number, Float64Array | readonly (string | null)[]>
  private rowOf: ReadonlyMap<string, number> | undefined
  private row = -1

  private constructor(
    plan: Plan,
    customers: readonly string[],
    columns: ReadonlyMap<number, Float64Array | readonly (string | null)[]>,
  ) {
    this.plan = plan
    this.customers = customers
    this.columns = columns
  }

  static async read(
    warehouse: Warehouse,
    plan: Plan,
    { leaves, asOf, customers, isMeant = false, share, store }: ValuesRequest,
    work?: Work,
  ): Promise<WarehouseValues> {
    if (leaves.length === 0 || customers?.length === 0) return new WarehouseValues(plan, customers ?? [], new Map())
    const ofLeaves: Plan = {
      leaves: plan.leaves,
      features: leaves.map((leaf) => ({
        ...{ name: nameOf(leaf), entity: 'customer', type: typeOfLeaf(plan.leaves[leaf]!) },
        tree: { kind: 'leaf', leaf },
      })),
    }
    const { keys, values } =
      customers === undefined
        ? await readDefined(
            warehouse,
            ofLeaves,
            { asOf, isMeant, ...(share ? { share } : {}), ...(store ? { store } : {}) },
            work,
          )
        : await readListed(warehouse, ofLeaves, customers, asOf, work)
    return new WarehouseValues(plan, keys[0]!, new Map(leaves.map((leaf) => [leaf, values.get(nameOf(leaf))!])))
  }

  /** Of somebody of whom nothing is known. */
  static ofNobody(plan: Plan): WarehouseValues {
    return new WarehouseValues(plan, [], new Map())
  }

  /** Whom `leafValue` is asked for next, by their row: to look for everybody by their ids would take longer than the rest. */
  goTo(row: number): void {
    this.row = row
  }

  leafValue([customer]: readonly string[], leaf: number): FeatureValue {
    const row = this.customers[this.row] === customer ? this.row : this.find(customer!)
    if (row === undefined) return withoutFacts(this.plan.leaves[leaf]!)
    const value = this.columns.get(leaf)?.[row]
    return value === undefined || Number.isNaN(value) ? null : value
  }

  /** Never: they are of one moment. */
  leafChangesAt(): Instant {
    return Number.POSITIVE_INFINITY
  }

  private find(customer: string): number | undefined {
    this.rowOf ??= new Map(this.customers.map((id, row) => [id, row]))
    return this.rowOf.get(customer)
  }
}

function readListed(
  warehouse: Warehouse,
  plan: Plan,
  customers: readonly string[],
  asOf: Instant,
  work: Work | undefined,
) {
  const columns = { customer_id: customers, as_of: new Float64Array(customers.length).fill(asOf) }
  return withStaged(warehouse, columns, (listed) => readDefined(warehouse, plan, { listed }, work), work)
}

const nameOf = (leaf: number): string => `of_leaf_${leaf}`
