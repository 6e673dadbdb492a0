import { consentEvent, decisionEvent } from '@rapport/protocol'
import { now } from '../base/index.ts'
import { followLog, type LogFollower, rowsAtOnce, type State, type StateQueries } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type ConsentDoor, receivedIdsOf } from './door.ts'
import { evidenceOf } from './evidence.ts'
import { latestOf } from './latest-of.ts'
import { preferencesOf } from './preferences-of.ts'
import { addLiveConsents, type LiveConsent, refreshStandingsOf } from './standings.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

interface EventRow {
  readonly position: number
  readonly name: string
  readonly user_id: string | null
  readonly anonymous_id: string | null
  readonly context: string
  /** The properties of a decision. */
  readonly proof: string | null
  readonly occurred_at: number
}

/** Browsers whose stamp is remembered: most events say what the one before said. */
const mostRemembered = 200_000

/**
 * Follows the event log: every decision that it tells of is in the ledger, once, and what holds is brought to it.
 *
 * A decision is what a consent event tells. Other events carry what their browser knows, which may be old: of them a
 * refusal counts where the same browser had not refused before (a signal such as GPC sends no event of its own), and an
 * agreement only where that browser had said nothing. So a page left open undoes no withdrawal.
 *
 * @param onProfilingRefused told of the ids that refusals of profiling came with
 */
export function followConsents(
  warehouse: Warehouse,
  state: State,
  door?: ConsentDoor,
  onProfilingRefused?: (receivedIds: readonly string[]) => Promise<void>,
): LogFollower {
  const remembered = new Map<string, string>()
  const isNew = ({ name, context, ...ids }: EventRow): boolean =>
    isDecision(name) || remembered.get(stamped(ids)) !== stampOf(context)
  return followLog(state, {
    follower: 'consent',
    // What is remembered of a browser must be told before its next stamp is read.
    readAtOnce: rowsAtOnce,
    read: (after, upto, limit) => {
      const names = { consent_event: consentEvent, decision_event: decisionEvent }
      return warehouse.rows<EventRow>(query('consents_after'), { after, upto, limit, ...names })
    },
    enter: (queries, rows) => enter(queries, rows.filter(isNew)),
    publish: async (taken) => {
      if (remembered.size > mostRemembered) remembered.clear()
      for (const { name, context, ...ids } of taken.flatMap(({ rows }) => rows)) {
        if (!isDecision(name)) remembered.set(stamped(ids), stampOf(context))
      }
      const entered = taken.flatMap(({ found }) => found)
      if (entered.length === 0) return
      await addLiveConsents(warehouse, entered)
      const words = await refreshStandingsOf(
        warehouse,
        entered.map(({ receivedId }) => receivedId),
      )
      door?.settle(words)
      const refused = entered.filter(({ purpose, isGranted }) => purpose === 'profiling' && !isGranted)
      if (refused.length > 0) await onProfilingRefused?.(refused.map(({ receivedId }) => receivedId))
    },
  })
}

const isDecision = (name: string): boolean => name === consentEvent || name === decisionEvent

type ReceivedIds = Pick<EventRow, 'user_id' | 'anonymous_id'>

/** Whose stamp an ordinary event carries: the browser's, where there is one. */
const stamped = ({ user_id, anonymous_id }: ReceivedIds): string =>
  receivedIdsOf({ userId: user_id, anonymousId: anonymous_id }).at(-1)!

const stampOf = (context: string): string => JSON.stringify([...preferencesOf(context)])

interface HeldWord {
  readonly isGranted: boolean
  readonly decidedAt: number
}

const placeOf = (id: string, purpose: string): string => JSON.stringify([id, purpose])

/** Enters what these events decide into the ledger. @returns the new entries */
async function enter(queries: StateQueries, rows: readonly EventRow[]): Promise<LiveConsent[]> {
  const ids = new Set(rows.flatMap((row) => receivedIdsOf({ userId: row.user_id, anonymousId: row.anonymous_id })))
  const words = await wordsOf(queries, [...ids])
  const entries = rows.flatMap((row) => entriesOf(row, words))
  for (let start = 0; start < entries.length; start += entriesAtOnce) {
    await queries
      .insertInto('consents')
      .values(entries.slice(start, start + entriesAtOnce))
      // Taken in before, by a process that ended between its two commits.
      .onConflict((conflict) => conflict.column('consent_id').doNothing())
      .execute()
  }
  return entries.map((entry) => ({
    ...{ consentId: entry.consent_id, receivedId: entry.customer_id, purpose: entry.purpose, basis: entry.basis },
    ...{ isGranted: entry.decision === 'granted', decidedAt: entry.decided_at },
  }))
}

/** Of a size that both databases bind in one statement, and that holds the thread for some milliseconds. */
const entriesAtOnce = 200

/** @param words what stands by id and purpose; what is decided here is put into it */
function entriesOf(row: EventRow, words: Map<string, HeldWord>) {
  const { position, name, user_id, anonymous_id, occurred_at } = row
  const evidence = evidenceOf(name, row.proof)
  const decides = isDecision(name)
  const all = receivedIdsOf({ userId: user_id, anonymousId: anonymous_id })
  return (decides ? all : all.slice(-1)).flatMap((id, at) =>
    [...preferencesOf(row.context)].flatMap(([purpose, isGranted]) => {
      const held = words.get(placeOf(id, purpose))
      if (!decides && held !== undefined && (isGranted || !held.isGranted)) return []
      const word = { isGranted, decidedAt: occurred_at }
      words.set(placeOf(id, purpose), held ? latestOf([held, word])! : word)
      return [
        {
          ...{ consent_id: `event-${position}-${at}-${purpose}`, customer_id: id, purpose, basis: evidence.basis },
          decision: decisionOf(isGranted, held),
          ...{ source: evidence.source, text_version: evidence.textVersion },
          proof: JSON.stringify({ position, ...evidence.proof }),
          ...{ decided_at: occurred_at, recorded_at: now() },
        },
      ]
    }),
  )
}

const decisionOf = (isGranted: boolean, held: HeldWord | undefined): string =>
  isGranted ? 'granted' : held?.isGranted ? 'withdrawn' : 'denied'

/** What stands of these ids in the ledger, by id and purpose. */
async function wordsOf(queries: StateQueries, ids: readonly string[]): Promise<Map<string, HeldWord>> {
  const words = new Map<string, HeldWord>()
  for (let start = 0; start < ids.length; start += entriesAtOnce) {
    const rows = await queries
      .selectFrom('consents')
      .select(['customer_id', 'purpose', 'decision', 'decided_at'])
      .where('customer_id', 'in', ids.slice(start, start + entriesAtOnce))
      .execute()
    for (const { customer_id, purpose, decision, decided_at } of rows) {
      const place = placeOf(customer_id, purpose)
      const word = { isGranted: decision === 'granted', decidedAt: decided_at }
      const before = words.get(place)
      words.set(place, before ? latestOf([before, word])! : word)
    }
  }
  return words
}
