import type { Webhook } from '@rapport/protocol'
import { type Instant, inTurns, RapportError, servingMs } from '../../base/index.ts'
import { type BadCall, badCall, type Rejection } from '../live/check-call.ts'
import type { EventLog } from '../live/event-log.ts'
import { sortBatch } from '../live/sort-batch.ts'
import type { Doors } from '../live/sort-call.ts'
import { ownReader } from '../presets/mapped-payload.ts'
import { payloadPresets } from '../presets/presets.ts'
import type { PayloadContext, WireCall } from '../presets/wire-call.ts'

/** What became of a payload. */
export interface TakenPayload {
  readonly accepted: number
  /** Told of before, by this webhook or another. */
  readonly duplicates: number
  /** Calls whose person refuses that anything is kept. */
  readonly refused: number
  readonly quarantined: readonly Rejection[]
  /** Why there was nothing to take. */
  readonly ignored?: string
}

export interface ArrivedPayload {
  readonly payload: unknown
  readonly topic?: string | undefined
  readonly receivedAt: Instant
}

/**
 * Takes in the payload of a webhook whose signature was found right: its calls into the log, what is none into
 * quarantine. On disk when it resolves.
 *
 * @throws RapportError `ingestion.busy`, `warehouse.disk-full`
 */
export async function takePayload(
  log: EventLog,
  doors: Doors,
  webhook: Webhook,
  arrival: ArrivedPayload,
): Promise<TakenPayload> {
  const { calls, unmapped, ignored } = await inTurns(mapRecords(webhook, arrival), servingMs)
  if (ignored !== undefined && calls.length + unmapped.length === 0) {
    return { accepted: 0, duplicates: 0, refused: 0, quarantined: [], ignored }
  }
  const sorted = await sortBatch(calls, { receivedAt: arrival.receivedAt, sentAt: null }, doors)
  const bad = [...unmapped, ...sorted.bad]
  const appended = await log.append(sorted.events, bad)
  return {
    ...appended,
    refused: sorted.refused,
    quarantined: bad.map(({ code, reason, pointer }) => ({ code, reason, pointer })),
  }
}

interface MappedPayload {
  readonly calls: readonly WireCall[]
  /** Records that cannot be what the webhook sends. */
  readonly unmapped: readonly BadCall[]
  readonly ignored: string | undefined
}

/** What the records of a payload tell of, one a step. */
function* mapRecords(webhook: Webhook, { payload, topic, receivedAt }: ArrivedPayload): Generator<void, MappedPayload> {
  const { preset, mapping, name, customersBy, takesTests } = webhook
  const reader = mapping ? ownReader(mapping) : payloadPresets[preset!]
  const context: PayloadContext = {
    ...{ who: customersBy, scope: name, takesTests },
    ...(topic === undefined ? {} : { topic }),
  }
  const calls: WireCall[] = []
  const unmapped: BadCall[] = []
  const refuse = (error: unknown, index: number, raw: unknown): void => {
    // As with a record that can be understood: without an id, the same content is the same record.
    unmapped.push(badCall({ ...rejectionOf(error), index, raw, receivedAt, sentAt: null }, true))
  }
  let ignored: string | undefined
  let records: readonly unknown[] = []
  try {
    records = reader.recordsOf(payload)
  } catch (error) {
    refuse(error, 0, payload)
  }
  for (const [index, record] of records.entries()) {
    try {
      const mapped = reader.map(record, context)
      if ('ignored' in mapped) ignored = mapped.ignored
      else calls.push(...mapped.calls)
    } catch (error) {
      refuse(error, index, record)
    }
    yield
  }
  return { calls, unmapped, ignored }
}

function rejectionOf(error: unknown): Rejection {
  if (!(error instanceof RapportError)) throw error
  return { code: error.code, reason: error.message, pointer: /^\/\S*/.exec(error.message)?.[0] ?? '' }
}
