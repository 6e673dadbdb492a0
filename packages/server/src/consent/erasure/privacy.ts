import { dayMs, type Instant, newId, now, oneAtATime, RapportError, type Work } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { removeDerivedOfNobody } from '../retention/old-facts.ts'
import { Retention, type RetentionParts } from '../retention/retention.ts'
import { forgetRemoved } from '../retention/settings.ts'
import { sumOf } from '../retention/sum-of.ts'
import { type Erasure, erasureOf } from './erasure.ts'
import type { ErasureList } from './erasure-list.ts'
import { addressKeysOf, isKnown, modelsTrainedWith } from './facts.ts'
import type { PersonalData } from './kept-of-person.ts'
import { keysListed } from './listed-keys.ts'
import { type Person, receivedIdsOfPerson } from './person.ts'

export interface PrivacyParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Whom this store has erased. */
  readonly list: ErasureList
  /** What every room has of a person; in the order in which it is erased. */
  readonly data: readonly PersonalData[]
  /** Keys of the identities that are a customer's and nobody else's. */
  readonly identityKeysOf: (customerId: string) => Promise<readonly string[]>
  /** Resolves when everything that was acknowledged is in the warehouse and followed. */
  readonly settle: () => Promise<void>
  /** Removes what the event log keeps of the erased outside the warehouse. */
  readonly emptyLeftovers: () => Promise<void>
  /** Within how many days the files are rewritten. */
  readonly eraseWithinDays: number
  /** Told when `finish` must have run, as soon as somebody was erased. */
  readonly onErased: (dueAt: Instant) => Promise<void>
  /** Removes who several visitors are, at once, and what was decided by them. */
  readonly forget: RetentionParts['forget']
}

/** What a person may ask for: everything about them, and the end of it; and the end of what was kept for long enough. */
export class Privacy {
  readonly #parts: PrivacyParts
  /** How long what is kept. */
  readonly retention: Retention
  readonly #inTurn = oneAtATime()

  constructor(parts: PrivacyParts) {
    this.#parts = parts
    const { warehouse, state, settle, forget } = parts
    this.retention = new Retention({
      ...{ warehouse, state, settle, forget },
      rewriteFiles: async (work) => void (await this.#rewriteFiles(work)),
      inTurn: (step) => this.#inTurn(step),
    })
  }

  /**
   * Everything that is kept of one customer.
   *
   * @throws RapportError `consent.customer` when nothing names them
   */
  async export(customerId: string): Promise<Record<string, unknown>> {
    await this.#parts.settle()
    const person = await this.#find(customerId)
    const document: Record<string, unknown> = { customerId, exportedAt: now(), knownAs: person.keys }
    for (const { name, export: read } of this.#parts.data) document[name] = await read(person)
    return document
  }

  /**
   * Removes a customer from everything that can be read; when this resolves they are gone. What is left of them in the
   * files goes by `dueAt`, with `finish`.
   *
   * @param options `isSuppressed`: what happens later is refused too. Default: it belongs to a new customer
   * @throws RapportError `consent.customer` when nothing names them
   */
  erase(customerId: string, options: { readonly isSuppressed?: boolean } = {}): Promise<Erasure> {
    return this.#inTurn(async () => {
      const { state, list, settle, eraseWithinDays } = this.#parts
      await settle()
      const person = await this.#find(customerId)
      const askedAt = now()
      const row = {
        ...{ erasure_id: newId('erasure'), pseudonym: list.pseudonyms.of(`user:${customerId}`) },
        ...{ person: JSON.stringify(person), is_suppressed: options.isSuppressed ? (1 as const) : (0 as const) },
        ...{ asked_at: askedAt, removed_at: null, due_at: askedAt + eraseWithinDays * dayMs, finished_at: null },
        ...{ removed: '{}', models: '[]', refused: 0 },
      }
      await state.queries.insertInto('erasures').values(row).execute()
      await this.#remove(row)
      await this.#parts.onErased(row.due_at)
      return this.receipt(row.erasure_id)
    })
  }

  /**
   * Goes on with erasures in whose middle a process ended, and applies again those that the list beside the store has and
   * the store has not: a backup from before them was restored.
   *
   * @throws RapportError `consent.erasure-key` when the list was made with another key: nobody can tell whom it names
   */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#enterListed()
      const rows = await this.#parts.state.queries
        .selectFrom('erasures')
        .selectAll()
        .where('removed_at', 'is', null)
        .orderBy('erasure_id')
        .execute()
      for (const row of rows) {
        await this.#remove(row)
        await this.#parts.onErased(row.due_at)
      }
    })
  }

  /**
   * Rewrites the files, so that nothing of whoever was erased before is left in them.
   *
   * @returns the erasures that are finished by it; none when none waited
   */
  finish(work?: Work): Promise<readonly Erasure[]> {
    return this.#inTurn(async () => {
      const waiting = await this.#waiting()
      return waiting.length === 0 ? [] : this.#rewriteFiles(work)
    })
  }

  /** Stores how many records were refused since it was last called. */
  async keepRefused(): Promise<void> {
    for (const [erasureId, records] of this.#parts.list.takeRefused()) {
      await this.#parts.state.queries
        .updateTable('erasures')
        .set((row) => ({ refused: row('refused', '+', records) }))
        .where('erasure_id', '=', erasureId)
        .execute()
    }
  }

  /** @throws RapportError `consent.erasure` when there was no such erasure */
  async receipt(erasureId: string): Promise<Erasure> {
    const row = await this.#parts.state.queries
      .selectFrom('erasures')
      .selectAll()
      .where('erasure_id', '=', erasureId)
      .executeTakeFirst()
    if (!row) throw new RapportError('consent.erasure', `the erasure must be one of this store, got ${erasureId}`)
    return erasureOf(row)
  }

  /** The newest first. */
  async erasures(most: number): Promise<Erasure[]> {
    const rows = await this.#parts.state.queries
      .selectFrom('erasures')
      .selectAll()
      .orderBy('erasure_id', 'desc')
      .limit(most)
      .execute()
    return rows.map(erasureOf)
  }

  /** Every step can be taken again: a crash between any two leaves the rest to `resume`. */
  async #remove(row: Parameters<typeof erasureOf>[0]): Promise<void> {
    const { warehouse, list, data, settle } = this.#parts
    const person = JSON.parse(row.person!) as Person
    const erasure = { erasureId: row.erasure_id, at: row.asked_at, isSuppressed: row.is_suppressed === 1 }
    // First of all: from here on what comes again is refused.
    if (!list.all.some(({ erasureId }) => erasureId === row.erasure_id)) {
      list.add(erasure, [...new Set([`user:${person.customerId}`, ...person.keys])])
    }
    await settle()
    const models = row.models === '[]' ? await modelsTrainedWith(warehouse, person) : JSON.parse(row.models)
    await this.#note(row.erasure_id, { models: JSON.stringify(models) })
    const removed: Record<string, Readonly<Record<string, number>>> = JSON.parse(row.removed)
    for (const { name, erase } of data) {
      // A step that was taken again after a crash found less.
      removed[name] = sumOf(removed[name], await erase(person, row.asked_at, row.erasure_id))
      await this.#note(row.erasure_id, { removed: JSON.stringify(removed) })
    }
    await this.#note(row.erasure_id, { person: null, removed_at: now() })
  }

  async #enterListed(): Promise<void> {
    const { warehouse, state, list, eraseWithinDays } = this.#parts
    const known = await state.queries.selectFrom('erasures').select('erasure_id').execute()
    const ids = new Set(known.map(({ erasure_id }) => erasure_id))
    for (const { erasureId, at, isSuppressed, keyId, ids: listed } of list.all) {
      if (ids.has(erasureId)) continue
      if (keyId !== list.pseudonyms.keyId) {
        throw new RapportError(
          'consent.erasure-key',
          `erasures.key beside the store must be the key of erasures.jsonl (${keyId}), got ${list.pseudonyms.keyId}: put it back, or whom it names comes back`,
        )
      }
      const keys = await keysListed(warehouse, state.queries, list.pseudonyms, listed)
      const user = keys.find((key) => key.startsWith('user:'))?.slice('user:'.length)
      const person: Person = { customerId: user ?? keys[0] ?? `erased:${erasureId}`, keys }
      await state.queries
        .insertInto('erasures')
        .values({
          ...{ erasure_id: erasureId, pseudonym: listed[0] ?? '', person: JSON.stringify(person) },
          ...{ is_suppressed: isSuppressed ? (1 as const) : (0 as const), asked_at: at, removed_at: null },
          ...{ due_at: now() + eraseWithinDays * dayMs, finished_at: null, removed: '{}', models: '[]', refused: 0 },
        })
        .execute()
    }
  }

  async #waiting(): Promise<string[]> {
    const rows = await this.#parts.state.queries
      .selectFrom('erasures')
      .select('erasure_id')
      .where('removed_at', 'is not', null)
      .where('finished_at', 'is', null)
      .execute()
    return rows.map(({ erasure_id }) => erasure_id)
  }

  async #rewriteFiles(work?: Work): Promise<readonly Erasure[]> {
    const { warehouse, state, settle } = this.#parts
    const ids = await this.#waiting()
    // What waits in the event log goes into the warehouse, and its segments away.
    await settle()
    await this.#parts.emptyLeftovers()
    // Work that ran while somebody was erased may have published what it found out about them before.
    await removeDerivedOfNobody(warehouse, work)
    await warehouse.rewrite(work)
    await state.compact()
    await forgetRemoved(state.queries)
    if (ids.length === 0) return []
    await state.queries.updateTable('erasures').set({ finished_at: now() }).where('erasure_id', 'in', ids).execute()
    return Promise.all(ids.map((id) => this.receipt(id)))
  }

  async #note(erasureId: string, change: Partial<Parameters<typeof erasureOf>[0]>): Promise<void> {
    await this.#parts.state.queries.updateTable('erasures').set(change).where('erasure_id', '=', erasureId).execute()
  }

  async #find(customerId: string): Promise<Person> {
    const { warehouse, identityKeysOf } = this.#parts
    const keys = new Set(await identityKeysOf(customerId))
    const received = receivedIdsOfPerson({ customerId, keys: [...keys] })
    if (!(await isKnown(warehouse, received))) {
      throw new RapportError(
        'consent.customer',
        `the customer must be named by an order, event or import, got ${customerId}`,
      )
    }
    if (keys.size === 0) keys.add(customerId.startsWith('anonymous:') ? customerId : `user:${customerId}`)
    for (const key of await addressKeysOf(warehouse, received)) keys.add(key)
    return { customerId, keys: [...keys] }
  }
}
