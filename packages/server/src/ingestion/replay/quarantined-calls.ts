import type { CallReason, QuarantinedCall, WhichCalls } from '@rapport/protocol'
import { isoOf, RapportError, shortened } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./replay.sql', import.meta.url))

/** A call in quarantine with what its event's time follows from. */
export interface HeldCall {
  readonly callId: string
  readonly code: string
  readonly reason: string
  readonly pointer: string
  /** JSON */
  readonly raw: string
  readonly index: number
  readonly received_at: number
  readonly batch_id: number
  readonly sent_at: string | null
}

/** Calls in quarantine in the order in which they came. @param after the one before the first */
export function heldCalls(
  warehouse: Warehouse,
  { code, pointer, calls }: WhichCalls,
  { limit, after }: { readonly limit: number; readonly after?: Place | undefined },
): Promise<HeldCall[]> {
  return warehouse.rows<HeldCall>(query('calls'), {
    ...{ code: code ?? null, pointer: pointer ?? null, ids: calls === undefined ? null : JSON.stringify(calls), limit },
    ...{ after_at: after?.at ?? null, after_batch: after?.batch ?? null, after_row: after?.row ?? null },
    after_id: after?.id ?? null,
  })
}

/** The place of a call among those in quarantine. */
export interface Place {
  readonly at: number
  readonly batch: number
  readonly row: number
  readonly id: string
}

export const placeOf = ({ received_at, batch_id, index, callId }: HeldCall): Place => ({
  ...{ at: received_at, batch: batch_id, row: index + 1, id: callId },
})

/**
 * A page of the calls in quarantine.
 *
 * @param page `after`: `next` of the page before
 * @throws RapportError `ingestion.page` when it is none
 */
export async function listQuarantinedCalls(
  warehouse: Warehouse,
  which: WhichCalls,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly calls: QuarantinedCall[]; readonly next: string | null }> {
  const rows = await heldCalls(warehouse, which, { limit, after: after === undefined ? undefined : readPlace(after) })
  const calls = rows.map(({ callId, code, reason, pointer, raw, index, received_at }) => ({
    ...{ callId, code, reason, pointer, index },
    receivedAt: isoOf(received_at),
    call: JSON.parse(raw) as unknown,
  }))
  return { calls, next: rows.length === limit ? writePlace(placeOf(rows.at(-1)!)) : null }
}

const writePlace = ({ at, batch, row, id }: Place): string => [at, batch, row, id].join('-')

function readPlace(text: string): Place {
  const [, at, batch, row, id] = /^(\d{1,15})-(\d{1,9})-(\d{1,9})-(\w{1,64})$/.exec(text) ?? []
  if (id === undefined)
    throw new RapportError('ingestion.page', `after must be the next of a page before, got ${shortened(text, 80)}`)
  return { at: Number(at), batch: Number(batch), row: Number(row), id }
}

/** Why calls are in quarantine, the most frequent reason first. */
export const listCallReasons = (warehouse: Warehouse): Promise<CallReason[]> =>
  warehouse.rows<CallReason>(query('reasons'))

/** Which of these message ids the log holds. */
export async function idsInLog(warehouse: Warehouse, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await warehouse.rows<{ id: string }>(query('in_log'), { ids: JSON.stringify(ids) })
  return new Set(rows.map(({ id }) => id))
}

/** Lets calls leave quarantine: those that are in the log now, and those that nobody may keep. */
export function releaseCalls(
  warehouse: Warehouse,
  taken: readonly string[],
  refused: readonly string[],
): Promise<void> {
  return warehouse.transaction(async () => {
    if (taken.length > 0) await warehouse.run(query('mark_taken'), { ids: JSON.stringify(taken) })
    if (refused.length > 0) await warehouse.run(query('drop_refused'), { ids: JSON.stringify(refused) })
  })
}
