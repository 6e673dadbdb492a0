import type { z } from 'zod'
import { PlacedError, placedError, shortened } from '../../base/index.ts'

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
export function wrongPart({ feature, pointer }: PartPlace, must: string, ...got: readonly [unknown?]): PlacedError {
  const said = `${must}${got.length === 0 ? '' : `, got ${wordOf(got[0])}`}`
  return feature + pointer === ''
    ? new PlacedError('features.definition', `the definition ${said}`, '')
    : placedError('features.definition', feature + pointer, said)
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
 * @throws PlacedError `features.definition` at the first place that does not fit
 */
export function readPart<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
  place: PartPlace,
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  throw errorsOf(error.issues[0]!, schema, value, place)[0]!
}

/** Everything of one object that does not fit. */
export function partErrors(schema: z.ZodObject, value: unknown, place: PartPlace): readonly PlacedError[] {
  const { error } = schema.safeParse(value)
  return (error?.issues ?? []).flatMap((issue) => errorsOf(issue, schema, value, place))
}

function errorsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  value: unknown,
  place: PartPlace,
): readonly PlacedError[] {
  if (issue.code === 'unrecognized_keys') {
    const may = `must not be there: what may is ${Object.keys(schema.shape).join(', ')}`
    return issue.keys.map((key) => wrongPart(under(place, ...issue.path, key), may))
  }
  const got = issue.path.reduce<unknown>(
    (held, step) => (typeof held === 'object' && held !== null ? held[step as keyof typeof held] : undefined),
    value,
  )
  return [wrongPart(under(place, ...issue.path), mustOf(issue), got)]
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
