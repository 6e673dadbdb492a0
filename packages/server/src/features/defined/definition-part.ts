import type { z } from 'zod'
import { RapportError, shortened } from '../../base/index.ts'

/** Where in which definition a part stands. */
export interface PartPlace {
  /** Name of the definition; '' where it has none that can be read. */
  readonly feature: string
  /** JSON pointer to the part. */
  readonly pointer: string
}

export const under = ({ feature, pointer }: PartPlace, ...steps: readonly PropertyKey[]): PartPlace => ({
  feature,
  pointer: pointer + steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
})

/** @param got the value that is there; left out where the words say it */
export function wrongPart({ feature, pointer }: PartPlace, must: string, ...got: readonly [unknown?]): RapportError {
  const where = `${feature}${pointer}` || 'the definition'
  return new RapportError('features.definition', `${where} ${must}${got.length === 0 ? '' : `, got ${wordOf(got[0])}`}`)
}

/** The value itself where it is short, its kind where it is not: what comes from outside may be of any depth. */
function wordOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return shortened(JSON.stringify(value), 60, '…')
}

/**
 * One object of a definition, whose nested objects have been read already.
 *
 * @throws RapportError `features.definition` at the first place that does not fit
 */
export function readPart<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
  place: PartPlace,
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const issue = error.issues[0]!
  if (issue.code === 'unrecognized_keys') {
    const at = under(place, ...issue.path, issue.keys[0]!)
    throw wrongPart(at, `must not be there: what may is ${Object.keys(schema.shape).join(', ')}`)
  }
  const got = issue.path.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? held[step as keyof typeof held] : undefined),
    value,
  )
  throw wrongPart(under(place, ...issue.path), mustOf(issue), got)
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/** Of values of several kinds, by the key that they stand under. */
const either: Readonly<Record<string, string>> = {
  events: 'must be the name of an event, or true for events of any name',
  value: 'must be a text, a number, true or false, or a list of texts or numbers',
}

function mustOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return either[String(issue.path.at(-1))] ?? issue.message
    case 'too_small':
      return `must ${boundVerb(issue.origin)} at least ${issue.minimum}${boundUnit(issue.origin)}`
    case 'too_big':
      return `must ${boundVerb(issue.origin)} at most ${issue.maximum}${boundUnit(issue.origin)}`
    default:
      return issue.message
  }
}

const boundVerb = (origin: string): string => (origin === 'string' || origin === 'array' ? 'have' : 'be')
const boundUnit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''
