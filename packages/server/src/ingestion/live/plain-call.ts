import type { Call, CallName } from '@rapport/protocol'

type Fields = Readonly<Record<string, unknown>>

/**
 * The call as the schema would give it back, when a look is enough to see that it fits; undefined when the schema must be
 * asked. Nearly every call is plain, and asking costs more than all else that is done with it.
 *
 * @param value as read from JSON
 */
export function plainCall(value: unknown, name: CallName): Call | undefined {
  if (!isObject(value)) return undefined
  const { userId, anonymousId, context } = value
  const isPlain =
    isIdOrMissing(userId) &&
    isIdOrMissing(anonymousId) &&
    (userId ?? anonymousId ?? undefined) !== undefined &&
    (value['messageId'] === undefined || isId(value['messageId'])) &&
    isMomentOrMissing(value['timestamp']) &&
    isMomentOrMissing(value['originalTimestamp']) &&
    isMomentOrMissing(value['sentAt']) &&
    isTextOrMissing(value['channel'], 64) &&
    isTextOrMissing(value['writeKey'], 256) &&
    isObjectOrMissing(value['integrations']) &&
    (context === undefined || context === null || (isObject(context) && isPlainContext(context))) &&
    ownFieldsArePlain[name](value)
  return isPlain ? (value as Call) : undefined
}

const ownFieldsArePlain: Readonly<Record<CallName, (call: Fields) => boolean>> = {
  track: (call) => isId(call['event']) && isObjectOrMissing(call['properties']),
  identify: (call) => isObjectOrMissing(call['traits']),
  page: (call) => isVisit(call),
  screen: (call) => isVisit(call),
  // Rare, and of little weight.
  group: () => false,
  alias: () => false,
}

const isVisit = (call: Fields): boolean =>
  isTextOrMissing(call['name'], 512) && isTextOrMissing(call['category'], 512) && isObjectOrMissing(call['properties'])

const isPlainContext = (context: Fields): boolean =>
  isTextOrMissing(context['ip'], 64) &&
  isTextOrMissing(context['locale'], 64) &&
  isTextOrMissing(context['timezone'], 64) &&
  isTextOrMissing(context['userAgent'], 2048) &&
  isGroupOfTexts(context['library'], 'name', 'version', false) &&
  isGroupOfTexts(context['page'], 'url', 'referrer', true) &&
  isGroupOfTexts(context['campaign'], 'name', 'source', true) &&
  isGroupOfTexts(context['device'], 'id', 'id', true) &&
  isObjectOrMissing(context['traits']) &&
  isTextOrMissing(context['sessionId'], Number.POSITIVE_INFINITY) &&
  (context['consent'] ?? undefined) === undefined

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isObjectOrMissing = (value: unknown): boolean => value === undefined || value === null || isObject(value)

const isTextOrMissing = (value: unknown, most: number): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.length <= most)

const isId = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= 512 && value.trim().length === value.length

const isIdOrMissing = (value: unknown): boolean => value === undefined || value === null || isId(value)

function isGroupOfTexts(value: unknown, one: string, other: string, mayBeNull: boolean): boolean {
  if (value === undefined || value === null) return true
  if (!isObject(value)) return false
  const isText = (text: unknown): boolean =>
    text === undefined || typeof text === 'string' || (mayBeNull && text === null)
  return isText(value[one]) && isText(value[other])
}

/** ISO 8601 in UTC to the second or finer; 29 February is left to the schema, which knows the years that have one. */
const plainMoment = new RegExp(
  String.raw`^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)` +
    String.raw`T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$`,
)

const isMomentOrMissing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && plainMoment.test(value))
