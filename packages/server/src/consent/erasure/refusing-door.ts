import type { ArrivingEvent, ConsentDoor } from '../door.ts'
import type { ErasureList, ListedErasure } from './erasure-list.ts'
import { emailKey, phoneKey } from './person.ts'

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

/**
 * Everything that an event is known to be somebody's by. What it says of others is not: the address of a friend in the
 * properties, the traits of a group.
 */
function keysOf({ call, userId, anonymousId, otherId, properties, context }: ArrivingEvent): string[] {
  const keys: string[] = []
  if (userId !== null) keys.push(...keysOfUser(userId))
  if (anonymousId !== null) keys.push(`anonymous:${anonymousId}`)
  if (call === 'alias' && otherId !== null) keys.push(...keysOfUser(otherId), `anonymous:${otherId}`)
  if (context !== null && /"(?:device|traits)"/.test(context)) {
    const { device, traits } = JSON.parse(context) as Readonly<Record<string, unknown>>
    const id = textAt(device, 'id')
    if (id !== undefined) keys.push(`device:${id}`)
    keys.push(...keysOfTraits(traits))
  }
  if (call === 'identify' && properties !== null) keys.push(...keysOfTraits(JSON.parse(properties)))
  return keys
}

/** Some shops call their customers by their address. */
const keysOfUser = (id: string): string[] => [`user:${id}`, ...(id.includes('@') ? [emailKey(id)] : [])]

function keysOfTraits(traits: unknown): string[] {
  const [email, phone] = [textAt(traits, 'email'), textAt(traits, 'phone')]
  const number = phone === undefined ? undefined : phoneKey(phone)
  return [...(email === undefined ? [] : [emailKey(email)]), ...(number === undefined ? [] : [number])]
}

function textAt(value: unknown, name: string): string | undefined {
  const inner = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name]
  return typeof inner === 'string' ? inner : undefined
}
