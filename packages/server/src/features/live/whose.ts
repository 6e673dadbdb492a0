import { inTurns, oneAtATime, servingMs } from '../../base/index.ts'
import type { TouchedCustomers } from '../../consent/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'

import { WhoseDigest } from './whose-digest.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** What held of an id. */
interface Standing {
  /** Whether it was a customer's own. */
  readonly isOwn: boolean
  readonly isProfiled: boolean
  /** The other ids that were this customer's. */
  readonly ids: ReadonlySet<string>
}

/** What held of customers, and of ids, before they were read again. */
interface Before {
  readonly touched: readonly string[]
  readonly standings: ReadonlyMap<string, Standing>
}

/**
 * Of customers who may be profiled, as they might before, and whose ids are theirs still: the ids that they were given,
 * each of somebody who was known by no other and might be profiled. Of everybody else who was touched anything may be
 * another.
 */
export type Gained = ReadonlyMap<string, readonly string[]>

/**
 * Whose an event is, and whether they may be profiled, kept in memory as the warehouse's views have it
 * (`profiled_events`): an event that just came must not wait for a query.
 */
export class Whose {
  /** Customers of received ids that are not their own. */
  readonly #customers = new Map<string, string>()
  readonly #idsOf = new Map<string, string[]>()
  /** Customers of whom another holds for profiling than of somebody who is new. */
  readonly #exceptions = new Set<string>()
  #isProfiledByDefault = false
  readonly #warehouse: Warehouse
  readonly #inTurn = oneAtATime()

  private constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse
  }

  static async open(warehouse: Warehouse): Promise<Whose> {
    const whose = new Whose(warehouse)
    await whose.refresh('everybody')
    return whose
  }

  customerOf(receivedId: string): string {
    return this.#customers.get(receivedId) ?? receivedId
  }

  /** All ids by which a customer is known, their own among them. */
  idsOf(customerId: string): readonly string[] {
    const ids = this.#idsOf.get(customerId) ?? []
    return ids.includes(customerId) ? ids : [customerId, ...ids]
  }

  isProfiled(customerId: string): boolean {
    return this.#exceptions.has(customerId) !== this.#isProfiledByDefault
  }

  /**
   * Reads what changed; one after another: what was read earlier must not take the place of what was read later.
   *
   * @returns who was given ids and nothing else; nobody where everybody was read
   */
  refresh(touched: TouchedCustomers): Promise<Gained> {
    return this.#inTurn(() => this.#read(touched))
  }

  async #read(touched: TouchedCustomers): Promise<Gained> {
    const [fallback] = await this.#warehouse.rows<{ is_granted: boolean }>(query('fallback'))
    const areAll = touched === 'everybody'
    // Calls of the warehouse from outside a transaction wait: nobody else sees the staged table.
    const [identities, exceptions] = await (areAll
      ? Promise.all([this.#warehouse.columns(query('identities')), this.#warehouse.columns(query('exceptions'))])
      : this.#warehouse.transaction(async () => {
          await this.#warehouse.stage('staged_whose', { customer_id: [...new Set(touched)] })
          const found = [
            await this.#warehouse.columns(query('identities_of')),
            await this.#warehouse.columns(query('exceptions_of')),
          ] as const
          await this.#warehouse.run('drop table staged_whose')
          return found
        }))
    // In one step, so that no event is read by half of it.
    const before = areAll ? undefined : this.#before(touched, identities.keys('received_id'))
    if (areAll) this.#forgetAll()
    else this.#forget(touched)
    const [received, customers] = [identities.keys('received_id'), identities.keys('customer_id')]
    received.forEach((id, row) => {
      const customer = customers[row]!
      this.#customers.set(id, customer)
      const ids = this.#idsOf.get(customer)
      if (ids) ids.push(id)
      else this.#idsOf.set(customer, [id])
    })
    for (const id of exceptions.keys('customer_id')) this.#exceptions.add(id)
    this.#isProfiledByDefault = fallback!.is_granted
    return before === undefined ? new Map() : this.#gainedSince(before)
  }

  /** @param received ids that these customers have now */
  #before(touched: readonly string[], received: readonly string[]): Before {
    const standings = new Map<string, Standing>()
    for (const id of [...touched, ...received]) {
      if (standings.has(id)) continue
      const isOwn = this.customerOf(id) === id
      standings.set(id, { isOwn, isProfiled: this.isProfiled(id), ids: new Set(this.#idsOf.get(id)) })
    }
    return { touched, standings }
  }

  #gainedSince({ touched, standings }: Before): Gained {
    const gained = new Map<string, readonly string[]>()
    for (const id of touched) {
      const before = standings.get(id)!
      const ids = new Set(this.#idsOf.get(id))
      const stays = before.isOwn && this.customerOf(id) === id && before.isProfiled && this.isProfiled(id)
      if (!stays || [...before.ids].some((one) => !ids.has(one))) continue
      const more = [...ids].filter((one) => !before.ids.has(one))
      if (
        more.every((one) => {
          const was = standings.get(one)
          return was?.isOwn === true && was.isProfiled
        })
      )
        gained.set(id, more)
    }
    return gained
  }

  /** What holds for everybody who is known by an id of another, or of whom something else holds; in turns. */
  async digest(): Promise<WhoseDigest> {
    const digest = new WhoseDigest(this.#isProfiledByDefault)
    await inTurns(this.#addTo(digest), servingMs)
    return digest
  }

  *#addTo(digest: WhoseDigest): Generator<void, void> {
    for (const [received, customer] of this.#customers) {
      if (received !== customer) digest.add([received, customer], `is ${received} ${customer}`)
      yield
    }
    for (const customer of this.#exceptions) {
      digest.add([customer], `differs ${customer}`)
      yield
    }
  }

  /** Everybody who is known by an id of another, and ids of theirs, and of whom something else holds than of others. */
  *ids(): Generator<string> {
    for (const [received, customer] of this.#customers) yield* [received, customer]
    yield* this.#exceptions
  }

  #forgetAll(): void {
    this.#customers.clear()
    this.#idsOf.clear()
    this.#exceptions.clear()
  }

  /** All ids of the customers go, as all of them are read again: of an id that was parted, those of before are touched too. */
  #forget(touched: readonly string[]): void {
    for (const id of touched) {
      for (const received of this.#idsOf.get(id) ?? []) this.#customers.delete(received)
      this.#idsOf.delete(id)
      this.#customers.delete(id)
      this.#exceptions.delete(id)
    }
  }
}
