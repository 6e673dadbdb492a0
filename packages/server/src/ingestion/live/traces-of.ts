import { type CallName, calls, consentEvent } from '@rapport/protocol'
import { type Instant, RapportError } from '../../base/index.ts'
import type { LiveEvent } from './live-event.ts'
import { readCall } from './read-call.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What a call that does not fit its schema still tells of whose it is: an event for the door of consent to look at, not to
 * keep. A decision that is not written as it must be decides nothing.
 *
 * @returns undefined for what is no object
 */
export function tracesOf(value: unknown, type: CallName | undefined, receivedAt: Instant): LiveEvent | undefined {
  if (!isObject(value)) return undefined
  const said = type ?? value['type']
  const name = typeof said === 'string' && Object.hasOwn(calls, said) ? (said as CallName) : 'track'
  const isNamed = typeof value['event'] === 'string' && value['event'] !== consentEvent
  const readable = {
    ...{ ...value, context: contextOf(value['context']) },
    ...{ properties: objectOf(value['properties']), traits: objectOf(value['traits']) },
    ...{ event: isNamed ? value['event'] : '', name: '', sentAt: undefined },
    ...{ timestamp: momentIn(value['timestamp']), originalTimestamp: momentIn(value['originalTimestamp']) },
  }
  try {
    return readCall(readable, name, receivedAt)
  } catch (error) {
    if (!(error instanceof RapportError)) throw error
    // A moment that cannot be read: it comes now.
    return readCall({ ...readable, timestamp: undefined, originalTimestamp: undefined }, name, receivedAt)
  }
}

/** Without a word on consent that is none. */
function contextOf(value: unknown): Fields {
  const { consent, ...context } = objectOf(value)
  const isWord = isObject(consent) && isObject(consent['categoryPreferences'] ?? {})
  return isWord ? { ...context, consent } : context
}

const momentIn = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

const objectOf = (value: unknown): Fields => (isObject(value) ? value : {})

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
