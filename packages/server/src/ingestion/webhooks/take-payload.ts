import { setImmediate as turn } from 'node:timers/promises'
import type { Webhook } from '@rapport/protocol'
import { type Instant, RapportError } from '../../base/index.ts'
import type { ConsentDoor } from '../../consent/index.ts'
import { type BadCall, badCall, checkCall, type Rejection } from '../live/check-call.ts'
import type { EventLog } from '../live/event-log.ts'
import type { LiveEvent } from '../live/live-event.ts'
import { mapByTemplates } from '../presets/mapped-payload.ts'
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

/** Calls that are checked in one turn of the loop. */
const perTurn = 100

/**
 * Takes in the payload of a webhook whose signature was found right: its calls into the log, what is none into
 * quarantine. On disk when it resolves.
 *
 * @throws RapportError `ingestion.busy`, `warehouse.disk-full`
 */
export async function takePayload(
  log: EventLog,
  door: ConsentDoor,
  webhook: Webhook,
  arrival: Arrival,
): Promise<Taken> {
  const { payload, receivedAt } = arrival
  const mapped = map(webhook, arrival)
  if ('ignored' in mapped) return { accepted: 0, duplicates: 0, refused: 0, quarantined: [], ignored: mapped.ignored }
  const events: LiveEvent[] = []
  const bad: BadCall[] = []
  if ('reason' in mapped) bad.push(badCall({ ...mapped, index: 0, raw: payload, receivedAt, sentAt: null }))
  else {
    for (const [index, call] of mapped.calls.entries()) {
      if (index % perTurn === perTurn - 1) await turn()
      const checked = checkCall(call, undefined, receivedAt)
      if ('event' in checked) events.push(checked.event)
      else bad.push(badCall({ ...checked.rejection, index, raw: call, receivedAt, sentAt: null }))
    }
  }
  const kept = events.filter((event) => door.lets(event))
  const appended = await log.append(kept, bad)
  const quarantined = bad.map(({ code, reason, pointer }) => ({ code, reason, pointer }))
  return { ...appended, refused: events.length - kept.length, quarantined }
}

/** What the payload tells of, or why it cannot be one. */
function map(webhook: Webhook, { payload, topic }: Arrival): Mapped | Rejection {
  const { preset, mapping, name, customersBy, takesTests } = webhook
  const context: PayloadContext = {
    ...{ who: customersBy, scope: name, takesTests },
    ...(topic === undefined ? {} : { topic }),
  }
  try {
    return mapping ? mapByTemplates(mapping, payload, context) : payloadPresets[preset!].map(payload, context)
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    return { code: error.code, reason: error.message, pointer: /^\/\S*/.exec(error.message)?.[0] ?? '' }
  }
}
