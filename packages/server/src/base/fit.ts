import { RapportError } from '@rapport/numerics'
import type { z } from 'zod'
import { gotOf, heldAt, mustOf } from './issue-words.ts'

/** A document that does not do, and where. */
export class PlacedError extends RapportError {
  /** JSON pointer; '' is the whole document. */
  readonly pointer: string

  constructor(code: string, message: string, pointer: string) {
    super(code, message)
    this.pointer = pointer
  }
}

/**
 * @param place name of the definition, where it has one, and the pointer to the part: `orders_30d/value/window`
 * @param must what must hold there, and what was got
 */
export const placedError = (code: string, place: string, must: string): PlacedError =>
  new PlacedError(code, `${place} ${must}`, place.includes('/') ? place.slice(place.indexOf('/')) : '')

/** A document that is not what its schema asks for. */
export class MisfitError extends PlacedError {
  /** @param must what must hold there and what was got: `must be a list, got nothing` */
  constructor(code: string, pointer: string, must: string) {
    super(code, `${pointer || 'the document'} ${must.startsWith('must ') ? must : `must fit: ${must}`}`, pointer)
  }
}

/**
 * A document as its schema has it.
 *
 * @throws MisfitError with `code`, at the first place that does not fit
 */
export function fit<Document>(schema: z.ZodType<Document>, value: unknown, code: string): Document {
  const hidden = prototypeKeyIn(value)
  if (hidden !== undefined) throw new MisfitError(code, hidden, 'must not be a key')
  return fitBody(schema, value, code)
}

/** The same for what `jsonOfBytes` read: it holds no such key, and to look for one through a batch of events takes time. */
export function fitBody<Document>(schema: z.ZodType<Document>, value: unknown, code: string): Document {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const { path, must } = misfitOf(error.issues[0]!, value)
  throw new MisfitError(code, path.map((step) => pointerStep(String(step))).join(''), must)
}

/** Where a value does not fit its schema, what must hold there, and what was got. */
export function misfitOf(issue: z.core.$ZodIssue, value: unknown): Misfit {
  const { path, must, code } = nearest(issue)
  return { path, must: must.includes(', got ') ? must : must + gotOf({ code }, heldAt(value, path)) }
}

const pointerStep = (step: string): string => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`

/**
 * Where a key `__proto__` stands in a document, as a JSON pointer: schemas of free keys leave it out without a word, and what
 * was written under it would be as if it had not been.
 */
export function prototypeKeyIn(value: unknown, depth = 0): string | undefined {
  // Deeper than any document of ours: what would use up the stack is left to the schema, which knows no such depth.
  if (typeof value !== 'object' || value === null || depth > 100) return undefined
  if (Object.hasOwn(value, '__proto__')) return '/__proto__'
  for (const key of Object.keys(value)) {
    const held: unknown = value[key as keyof typeof value]
    // The pointer is put together on the way back: every event that comes in is searched, and hardly one holds such a key.
    const found = typeof held === 'object' ? prototypeKeyIn(held, depth + 1) : undefined
    if (found !== undefined) return pointerStep(key) + found
  }
  return undefined
}

interface Misfit {
  readonly path: readonly PropertyKey[]
  readonly must: string
}

/**
 * Of a value that may have one of several forms, what keeps it from the form that it comes nearest to: the one of its own kind
 * with the least amiss. Where it is of none of these kinds, all that it may be.
 */
function nearest(issue: z.core.$ZodIssue): Misfit & Pick<z.core.$ZodIssue, 'code'> {
  const { path, code } = issue
  if (code !== 'invalid_union') return { path, code, must: mustOf(issue) }
  const forms = issue.errors.filter((amiss) => amiss.length > 0)
  if (forms.length === 0) return { path, code, must: mustOf(issue) }
  const meant = forms.filter(([first]) => !isOfOtherKind(first!))
  if (meant.length === 0) {
    const may = forms.map(([first]) => mustOf(first!).replace(/^must be /, ''))
    return { path, code, must: `must be ${may.join(', or ')}` }
  }
  const [closest] = meant.reduce((least, amiss) => (amiss.length < least.length ? amiss : least))
  const inner = nearest(closest!)
  return { ...inner, path: [...path, ...inner.path] }
}

/** Whether it is the value itself that is of another type, or another word. */
const isOfOtherKind = ({ code, path }: z.core.$ZodIssue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
