import { randomBytes } from 'node:crypto'
import type { Receiver, ReceiverDraft } from '@rapport/protocol'
import { dayMs, newId, now, RapportError } from '../../base/index.ts'
import type { ReceiverTable, StateQueries } from '../../state/index.ts'

/** A receiver with the secret that was made for it: shown this once. */
export interface MadeReceiver {
  readonly receiver: Receiver
  readonly secret: string
}

/** How long deliveries are signed with the secret of before too, so that a receiver can be told the new one in peace. */
const overlapMs = dayMs

/** So many at most: each is told of everything by a request of its own. */
const receiversMost = 50

/**
 * Makes a receiver, which is told of what comes from now on.
 *
 * @param draft checked before by `checkReceiverUrl` and `checkReceiverSegments`
 * @throws RapportError `segments.receiver-name` when there is one of that name, `segments.receivers` when there are too many
 */
export async function addReceiver(queries: StateQueries, draft: ReceiverDraft): Promise<MadeReceiver> {
  const all = await queries.selectFrom('receivers').select('name').execute()
  if (all.length >= receiversMost)
    throw new RapportError('segments.receivers', `there must be at most ${receiversMost} receivers, got one more`)
  if (all.some(({ name }) => name === draft.name)) {
    throw new RapportError('segments.receiver-name', `the name must be one that no receiver has, got ${draft.name}`)
  }
  const secret = newSecret()
  const row: ReceiverTable = {
    ...{ receiver_id: newId('rc'), name: draft.name, url: draft.url },
    ...{ secret, previous_secret: null, previous_until: null },
    segments: draft.segments === null ? null : JSON.stringify(draft.segments),
    takes_definitions: draft.takesDefinitions ? 1 : 0,
    ...{ through: null, created_at: now(), delivered: 0, last_at: null },
    ...{ failure: null, failing_since: null, paused_at: null },
  }
  await queries.insertInto('receivers').values(row).execute()
  return { receiver: receiverOf(row), secret }
}

/** As the libraries of the Standard Webhooks specification read it. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Every receiver, the oldest first, without its secret. */
export async function listReceivers(queries: StateQueries): Promise<Receiver[]> {
  const rows = await queries.selectFrom('receivers').selectAll().orderBy('created_at').orderBy('receiver_id').execute()
  return rows.map(receiverOf)
}

/** @throws RapportError `segments.receiver` when there is none such */
export async function removeReceiver(queries: StateQueries, receiverId: string): Promise<Receiver> {
  const gone = await queries
    .deleteFrom('receivers')
    .where('receiver_id', '=', receiverId)
    .returningAll()
    .executeTakeFirst()
  if (!gone) throw noReceiver(receiverId)
  return receiverOf(gone)
}

/**
 * Gives a receiver another secret; for a day deliveries are signed with the one of before too.
 *
 * @throws RapportError `segments.receiver` when there is none such
 */
export async function rotateReceiver(queries: StateQueries, receiverId: string): Promise<MadeReceiver> {
  const row = await storedReceiver(queries, receiverId)
  if (!row) throw noReceiver(receiverId)
  const next = { secret: newSecret(), previous_secret: row.secret, previous_until: now() + overlapMs }
  await queries.updateTable('receivers').set(next).where('receiver_id', '=', receiverId).execute()
  return { receiver: receiverOf({ ...row, ...next }), secret: next.secret }
}

/**
 * Tries a receiver again that was given up, from where it was.
 *
 * @throws RapportError `segments.receiver` when there is none such
 */
export async function resumeReceiver(queries: StateQueries, receiverId: string): Promise<Receiver> {
  const row = await storedReceiver(queries, receiverId)
  if (!row) throw noReceiver(receiverId)
  const next = { failure: null, failing_since: null, paused_at: null }
  await queries.updateTable('receivers').set(next).where('receiver_id', '=', receiverId).execute()
  return receiverOf({ ...row, ...next })
}

export const storedReceiver = (queries: StateQueries, receiverId: string): Promise<ReceiverTable | undefined> =>
  queries.selectFrom('receivers').selectAll().where('receiver_id', '=', receiverId).executeTakeFirst()

const receiverOf = (row: ReceiverTable): Receiver => ({
  ...{ receiverId: row.receiver_id, name: row.name, url: row.url },
  segments: segmentsOf(row),
  ...{ takesDefinitions: row.takes_definitions === 1, createdAt: row.created_at, delivered: row.delivered },
  ...{ lastAt: row.last_at, failure: row.failure, failingSince: row.failing_since, pausedAt: row.paused_at },
})

/** Of which segments it is told; null for all. */
export const segmentsOf = ({ segments }: ReceiverTable): string[] | null =>
  segments === null ? null : (JSON.parse(segments) as string[])

const noReceiver = (receiverId: string): RapportError =>
  new RapportError('segments.receiver', `the receiver must be one of rapport receivers list, got ${receiverId}`)
