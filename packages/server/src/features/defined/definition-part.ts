import type { z } from 'zod'
import { heldAt, mustOf, PlacedError, placedError, wordOf } from '../../base/index.ts'

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
  const must = issue.code === 'invalid_union' ? either[String(issue.path.at(-1))] : undefined
  return [wrongPart(under(place, ...issue.path), must ?? mustOf(issue), heldAt(value, issue.path))]
}

/** Of values of several kinds, by the key that they stand under. */
const either: Readonly<Record<string, string>> = {
  events: 'must be the name of an event, or true for events of any name',
  value: 'must be a text, a number, true or false, or a list of texts or numbers',
}
