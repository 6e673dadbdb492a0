import { now, RapportError } from '../../base/index.ts'
import { checkCall } from './check-call.ts'
import type { EventLog } from './event-log.ts'

/**
 * Appends calls that this program made itself, as if they had come over the wire; in the warehouse when it resolves.
 *
 * @throws RapportError as the wire would refuse the call
 */
export async function appendCalls(log: EventLog, calls: readonly object[]): Promise<void> {
  const receivedAt = now()
  const events = calls.map((call) => {
    const checked = checkCall(call, undefined, receivedAt)
    if ('event' in checked) return checked.event
    throw new RapportError(checked.rejection.code, checked.rejection.reason)
  })
  await log.append(events)
  await log.settle()
}
