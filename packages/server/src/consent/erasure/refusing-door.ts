import type { ArrivingEvent, ConsentDoor } from '../door.ts'
import type { ErasureList, ListedErasure } from './erasure-list.ts'
import { emailKey } from './person.ts'

/**
 * The same door, which also refuses what comes again of somebody who was erased: whatever happened by then, and where the
 * erasure suppresses, whatever happens at all.
 */
export const refusingErased = (door: ConsentDoor, list: ErasureList): ConsentDoor => ({
  ...door,
  admits: (event) => {
    const erasure = erasureRefusing(event, list)
    if (erasure) list.countRefused(erasure)
    return !erasure && door.admits(event)
  },
})

/** Whether an event is that of somebody who was erased, and happened by then. */
export const isOfErased = (event: ArrivingEvent, list: ErasureList): boolean =>
  erasureRefusing(event, list) !== undefined

/** Most events happened after the last erasure: those cost one comparison. */
function erasureRefusing(event: ArrivingEvent, list: ErasureList): ListedErasure | undefined {
  if (event.occurredAt > list.latest && !list.isAnySuppressed) return undefined
  for (const key of keysOf(event)) {
    const erasure = list.refusing(key, event.occurredAt)
    if (erasure) return erasure
  }
  return undefined
}

/** Everything that an event is known to be somebody's by. */
function keysOf({ call, userId, anonymousId, otherId, properties, context }: ArrivingEvent): string[] {
  const keys: string[] = []
  if (userId !== null) keys.push(`user:${userId}`)
  if (anonymousId !== null) keys.push(`anonymous:${anonymousId}`)
  if (call === 'alias' && otherId !== null) keys.push(`user:${otherId}`, `anonymous:${otherId}`)
  const device = context?.includes('"device"') ? textAt(JSON.parse(context), 'device', 'id') : undefined
  if (device !== undefined) keys.push(`device:${device}`)
  const email = properties?.includes('"email"') ? textAt(JSON.parse(properties), 'email') : undefined
  if (call === 'identify' && email !== undefined) keys.push(emailKey(email))
  return keys
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let inner = value
  for (const name of path) inner = (inner as Record<string, unknown> | null | undefined)?.[name]
  return typeof inner === 'string' ? inner : undefined
}
