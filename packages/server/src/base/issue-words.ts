import type { z } from 'zod'
import { shortened } from './shortened.ts'

type Issue = z.core.$ZodIssue

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** What must hold where a schema found something else; of values of several kinds, what the schema says of them itself. */
export function mustOf(issue: Issue): string {
  // The schema's own words.
  if (issue.message.startsWith('must ')) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `must ${verbOf(issue.origin)} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `must ${verbOf(issue.origin)} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`
    case 'unrecognized_keys':
      return `must not have ${issue.keys.join(', ')}`
    case 'invalid_key':
      return `must be a key that may be: ${issue.issues.map(mustOf).join(', ')}`
    case 'invalid_format':
      return formats[issue.format] ?? issue.message
    default:
      return issue.message
  }
}

const formats: Readonly<Record<string, string>> = {
  url: 'must be a URL such as https://shop.example/path',
  email: 'must be an e-mail address',
  datetime: 'must be a moment such as 2026-03-01T10:00:00Z',
  date: 'must be a day such as 2026-03-01',
}

/**
 * What was got there, behind a comma. Texts that a schema only measures are not repeated: they may be passwords, or somebody's.
 */
export function gotOf({ code }: Pick<Issue, 'code'>, held: unknown): string {
  if (code === 'invalid_value' || code === 'invalid_union') return `, got ${wordOf(held)}`
  if (code === 'invalid_type') return `, got ${kindOf(held)}`
  if (code !== 'too_small' && code !== 'too_big') return ''
  if (typeof held === 'string' || Array.isArray(held)) return `, got ${held.length}`
  return typeof held === 'number' ? `, got ${held}` : ''
}

/** What it is, and no more of it. */
const kindOf = (value: unknown): string =>
  typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : wordOf(value)

const verbOf = (origin: string): string => (origin === 'string' || origin === 'array' ? 'have' : 'be')
const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '')

/** The value itself where it is short, its kind where it is not: what comes from outside may be of any depth. */
export function wordOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return shortened(JSON.stringify(value), 60, '…')
}

/** What stands at a path of a document; undefined where nothing does. */
export const heldAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? held[step as keyof typeof held] : undefined),
    document,
  )
