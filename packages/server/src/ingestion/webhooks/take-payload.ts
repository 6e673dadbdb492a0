import type { Webhook } from '@rapport/protocol'
import { type Instant, RapportError } from '../../base/index.ts'
import { badCall, type Rejection } from '../live/check-call.ts'
import type { EventLog } from '../live/event-log.ts'
import { sortBatch } from '../live/sort-batch.ts'
import type { Doors } from '../live/sort-call.ts'
import { mapByOwnTemplates } from '../presets/mapped-payload.ts'
import { payloadPresets } from '../presets/presets.ts'
import type { Mapped, PayloadContext } from '../presets/wire-call.ts'

/** What became of a payload. */
export interface Taken {
  readonly accepted: number
  /** Told of before, by this webhook or another. */
  readonly duplicates: number
  /** Calls whose person refuses that anything is kept. */
  readonly refused: number
  readonly quarantined: readonly Rejection[]
  /** Why there was nothing to take. */
  readonly ignored?: string
}

export interface Arrival {
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
export async function takePayload(log: EventLog, doors: Doors, webhook: Webhook, arrival: Arrival): Promise<Taken> {
  const { payload, receivedAt } = arrival
  const mapped = map(webhook, arrival)
  if ('ignored' in mapped) return { accepted: 0, duplicates: 0, refused: 0, quarantined: [], ignored: mapped.ignored }
  const sorted =
    'reason' in mapped
      ? { events: [], bad: [badCall({ ...mapped, index: 0, raw: payload, receivedAt, sentAt: null })], refused: 0 }
      : await sortBatch(mapped.calls, { receivedAt, sentAt: null }, doors)
  const appended = await log.append(sorted.events, sorted.bad)
  const quarantined = sorted.bad.map(({ code, reason, pointer }) => ({ code, reason, pointer }))
  return { ...appended, refused: sorted.refused, quarantined }
}

/** What the payload tells of, or why it cannot be one. */
function map(webhook: Webhook, { payload, topic }: Arrival): Mapped | Rejection {
  const { preset, mapping, name, customersBy, takesTests } = webhook
  const context: PayloadContext = {
    ...{ who: customersBy, scope: name, takesTests },
    ...(topic === undefined ? {} : { topic }),
  }
  try {
    return mapping ? mapByOwnTemplates(mapping, payload, context) : payloadPresets[preset!].map(payload, context)
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    return { code: error.code, reason: error.message, pointer: /^\/\S*/.exec(error.message)?.[0] ?? '' }
  }
}
