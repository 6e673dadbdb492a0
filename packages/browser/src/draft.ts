import type { CallOptions, Draft, Properties } from './event.ts'

const longest = 512

const isProperties = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function propertiesOf(value: unknown, what: string): Properties {
  if (value === undefined || value === null) return {}
  if (!isProperties(value)) throw new Error(`${what} must be an object, got ${typeof value}`)
  return value
}

/** A name or an id: text that is not empty, or a number that counts as its text. */
function textOf(value: unknown, what: string): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string' || text.trim() === '' || text.length > longest) {
    throw new Error(`${what} must be text of 1 to ${longest} characters, got ${JSON.stringify(value)?.slice(0, 40)}`)
  }
  return text.trim()
}

const optionalText = (value: unknown, what: string): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : textOf(value, what)

const optionsOf = (value: unknown): CallOptions => propertiesOf(value, 'options') as CallOptions

/** `identify(userId, traits)`, or `identify(traits)` for somebody who has no id yet. */
function identifyDraft(given: readonly unknown[]): Draft {
  const [userId, traits, options] = isProperties(given[0]) ? [undefined, ...given] : given
  return {
    type: 'identify',
    fields: { userId: optionalText(userId, 'userId'), traits: propertiesOf(traits, 'traits') },
    options: optionsOf(options),
  }
}

/** `page(category, name, properties)`; a single text is the name, as Segment has it. */
function pageDraft(given: readonly unknown[]): Draft {
  const isPair = typeof given[0] === 'string' && typeof given[1] === 'string'
  const named = isPair ? given : isProperties(given[0]) ? [undefined, undefined, ...given] : [undefined, ...given]
  const [category, name, properties, options] = named
  return {
    type: 'page',
    fields: {
      category: optionalText(category, 'category'),
      name: optionalText(name, 'name'),
      properties: propertiesOf(properties, 'properties'),
    },
    options: optionsOf(options),
  }
}

/**
 * What a call says, checked; who says it and under which consent is put on later.
 *
 * @throws Error when the call cannot mean anything; the tracker reports it
 */
export function draftOf(type: Draft['type'], given: readonly unknown[]): Draft {
  const [first, second, third] = given
  switch (type) {
    case 'identify':
      return identifyDraft(given)
    case 'page':
      return pageDraft(given)
    case 'group':
      return {
        type,
        fields: { groupId: textOf(first, 'groupId'), traits: propertiesOf(second, 'traits') },
        options: optionsOf(third),
      }
    case 'alias':
      return {
        type,
        fields: { userId: textOf(first, 'userId'), previousId: optionalText(second, 'previousId') },
        options: optionsOf(third),
      }
    case 'track':
      return {
        type,
        fields: { event: textOf(first, 'the name of an event'), properties: propertiesOf(second, 'properties') },
        options: optionsOf(third),
      }
  }
}
