import { consentEvent, decisionEvent } from '@rapport/protocol'
import { type Instant, now } from '../base/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { idsOfPerson } from './ids-of-person.ts'
import { isBrowser, LatelyTogether } from './lately-together.ts'
import { latestOf } from './latest-of.ts'
import { preferencesOf } from './preferences-of.ts'
import { type AnalyticsWord, analyticsRefusals } from './standings.ts'

/** What the door looks at of an event. */
export interface ArrivingEvent {
  readonly call: string
  readonly name: string
  readonly userId: string | null
  readonly anonymousId: string | null
  readonly occurredAt: Instant
  readonly context: string | null
  /** The earlier id of an alias. */
  readonly otherId: string | null
  /** JSON: traits of an identify call. */
  readonly properties: string | null
}

/** Where events enter: may this be kept? */
export interface ConsentDoor {
  /**
   * Whether an event may be kept: what a contract or the law needs always may, the rest only without a refusal. What it
   * decides itself holds for the very next one.
   */
  admits(event: ArrivingEvent): boolean
  /**
   * Looks up by which other ids the persons are known who decide something in these calls, so that it counts under all of
   * them. To be waited for before `admits` is asked; undefined, and without cost, where nobody decides anything.
   */
  prepare(calls: readonly unknown[]): Promise<void> | undefined
  /** What the ledger says now. */
  settle(words: readonly AnalyticsWord[]): void
  /** That the ledger and the map of identities had come to the end of the log after they began at this moment. */
  followed(began: Instant): void
}

/** Kept whatever was refused: the refusal itself, and what a purchase obliges a shop to keep. */
const necessary = new Set([consentEvent, 'Order Completed', 'Order Refunded', 'Order Cancelled'])

/** How long a decision that just came in counts without being in the ledger, ms, at least: it is there within a second. */
const noticeMs = 60_000

interface Notice {
  readonly isGranted: boolean
  readonly decidedAt: Instant
  readonly noticedAt: Instant
  /**
   * Whether it was said under another id. Of a browser it then counts only where no user is named: somebody else may have
   * signed in there, and who it was said by is known by their own id.
   */
  readonly isCarried: boolean
}

/** The door with everybody who has refused `analytics` so far. @param state where the graph of identities is */
export async function openConsentDoor(warehouse: Warehouse, state: State): Promise<ConsentDoor> {
  const refusals = await analyticsRefusals(warehouse)
  return new RememberingDoor(state, new Map(refusals.map(({ receivedId, decidedAt }) => [receivedId, decidedAt])))
}

class RememberingDoor implements ConsentDoor {
  readonly #state: State
  /** When who has refused did so. */
  readonly #refused: Map<string, Instant>
  /** Decisions on their way into the ledger, the oldest first. */
  readonly #notices = new Map<string, Notice>()
  readonly #lately = new LatelyTogether(noticeMs)
  /** Every id of persons who were looked up, under the ids that they decide by; the oldest first. */
  readonly #persons = new Map<string, { readonly ids: readonly string[]; readonly at: Instant }>()
  #followedAt: Instant = 0

  constructor(state: State, refused: Map<string, Instant>) {
    this.#state = state
    this.#refused = refused
  }

  // Functions, not methods: doors that ask more are made of this one by spreading it.
  readonly admits = (event: ArrivingEvent): boolean => {
    // Nobody outside speaks for the operator.
    if (event.name === decisionEvent) return false
    const isAdmitted = this.#mayBeKept(event)
    if (isAdmitted) this.#seeTogether(event)
    return isAdmitted
  }

  readonly prepare = (calls: readonly unknown[]): Promise<void> | undefined => {
    if (!calls.some(isDecision)) return undefined
    return this.#lookUp(new Set(calls.filter(isDecision).flatMap(idsOfCall)))
  }

  readonly settle = (words: readonly AnalyticsWord[]): void => {
    for (const { receivedId, isGranted, decidedAt } of words) {
      if (isGranted) this.#refused.delete(receivedId)
      else this.#refused.set(receivedId, decidedAt)
      if ((this.#notices.get(receivedId)?.decidedAt ?? Infinity) <= decidedAt) this.#notices.delete(receivedId)
    }
  }

  readonly followed = (began: Instant): void => {
    this.#followedAt = began
  }

  #mayBeKept(event: ArrivingEvent): boolean {
    const said = preferencesOf(event.context).get('analytics')
    if (event.call === 'track' && event.name === consentEvent) {
      if (said !== undefined) this.#notice(event, said)
      return true
    }
    if (event.call === 'track' && necessary.has(event.name)) return true
    return said !== false && !this.#hasRefused(event)
  }

  #hasRefused(event: ArrivingEvent): boolean {
    if (this.#notices.size === 0 && this.#refused.size === 0) return false
    const ids = receivedIdsOf(event)
    const counts = (id: string, { isCarried }: Notice): boolean => !isCarried || event.userId === null || !isBrowser(id)
    const latest = latestOf(
      ids.flatMap((id) => {
        const notice = this.#notices.get(id)
        return notice && counts(id, notice) ? notice : []
      }),
    )
    return latest ? !latest.isGranted : ids.some((id) => this.#refused.has(id))
  }

  #notice(event: ArrivingEvent, isGranted: boolean): void {
    const noticedAt = now()
    this.#forgetOld(noticedAt)
    const news = { isGranted, decidedAt: event.occurredAt, noticedAt }
    const own = new Set(receivedIdsOf(event))
    const known = new Set([...own].flatMap((id) => this.#persons.get(id)?.ids ?? []))
    for (const id of this.#lately.groupOf([...own, ...known])) {
      // What the graph does not say yet takes a refusal back, and opens to nobody who refused elsewhere.
      const isSure = own.has(id) || known.has(id)
      if (isGranted && !isSure && this.#notices.get(id)?.isGranted !== false) continue
      this.#put(id, { ...news, isCarried: !own.has(id) })
    }
  }

  /** A refusal of before counts at once for whatever id its person is now known by as well. */
  #seeTogether(event: ArrivingEvent): void {
    if (event.userId === null) return
    const at = event.call === 'alias' || event.anonymousId !== null ? now() : 0
    if (event.anonymousId !== null) this.#see(event.userId, `anonymous:${event.anonymousId}`, at)
    if (event.call !== 'alias' || event.otherId === null || event.otherId === event.userId) return
    this.#see(event.userId, event.otherId, at)
    this.#see(event.userId, `anonymous:${event.otherId}`, at)
  }

  #see(one: string, other: string, at: Instant): void {
    if (!this.#lately.see(one, other, at)) return
    if (this.#notices.size === 0 && this.#refused.size === 0) return
    this.#carry(one, other, at)
    this.#carry(other, one, at)
  }

  #carry(from: string, to: string, noticedAt: Instant): void {
    const notice = this.#notices.get(from)
    const decidedAt = notice ? (notice.isGranted ? undefined : notice.decidedAt) : this.#refused.get(from)
    // Who is known to share a browser refuses there for nobody else.
    if (decidedAt === undefined || !this.#lately.groupOf([from]).has(to)) return
    this.#put(to, { isGranted: false, decidedAt, noticedAt, isCarried: true })
  }

  #put(id: string, news: Notice): void {
    const before = this.#notices.get(id)
    if (before && byTimeThenRefusal(before, news) > 0) return
    this.#notices.delete(id)
    this.#notices.set(id, news)
  }

  async #lookUp(ids: ReadonlySet<string>): Promise<void> {
    this.#forgetOld(now())
    for (const id of ids) {
      const found = await idsOfPerson(this.#state.queries, id)
      this.#persons.delete(id)
      this.#persons.set(id, { ids: found, at: now() })
    }
  }

  #forgetOld(at: Instant): void {
    for (const [id, { noticedAt, isGranted, isCarried, decidedAt }] of this.#notices) {
      if (at - noticedAt < noticeMs) break
      // Only the ledger and the map can take over what counts under another id as well: they may be held up.
      if (!isGranted && isCarried && this.#followedAt - noticedAt < noticeMs) continue
      this.#notices.delete(id)
      // The ledger has not said anything of it: followers may be held up, and a refusal holds until they are not.
      if (!isGranted && !isCarried) this.#refused.set(id, decidedAt)
    }
    for (const [id, person] of this.#persons) {
      if (at - person.at < noticeMs) break
      this.#persons.delete(id)
    }
  }
}

/** An id as it will be once its call was read: senders may give numbers. */
const idAsRead = (id: unknown): string | null =>
  typeof id === 'string' || typeof id === 'number' ? String(id).trim() : null

type Fields = Readonly<Record<string, unknown>>

/** Whether somebody decides something in a call, which may be anything: nobody has checked it yet. */
function isDecision(call: unknown): call is Fields {
  const event = (call as Fields | null | undefined)?.['event']
  return typeof event === 'string' && event.trim() === consentEvent
}

const idsOfCall = ({ userId, anonymousId }: Fields): string[] =>
  receivedIdsOf({ userId: idAsRead(userId), anonymousId: idAsRead(anonymousId) })

/** The later last; of one moment the refusal. */
const byTimeThenRefusal = (one: Notice, other: Notice): number =>
  one.decidedAt - other.decidedAt || Number(other.isGranted) - Number(one.isGranted)

/** The ids under which consents of an event's person are kept. */
export const receivedIdsOf = ({ userId, anonymousId }: Pick<ArrivingEvent, 'userId' | 'anonymousId'>): string[] => [
  ...(userId === null ? [] : [userId]),
  ...(anonymousId === null ? [] : [`anonymous:${anonymousId}`]),
]
