import {
  aggregateExpression,
  calendarWindow,
  duration,
  eventPattern,
  type FeatureDefinition,
  factCondition,
  featureDefinition,
  featureExpression,
  featureName,
  featureReference,
  givenExpression,
  linePattern,
  modelExpression,
  rollingWindow,
  scoreExpression,
  sequenceExpression,
  sessionWindow,
  sumExpression,
  traitExpression,
  trendExpression,
} from '@rapport/protocol'
import { z } from 'zod'
import { PlacedError, prototypeKeyIn } from '../../base/index.ts'
import { type PartPlace, partErrors, readPart, under, wrongPart } from './definition-part.ts'
import type { ExpressionPart } from './expression-parts.ts'

/** Expressions deeper or larger than anybody writes are refused before anything walks through them. */
const depthMax = 10
const partsMax = 200

/**
 * Reads one definition. The kind of every part is told by its key and the part is read as that kind alone, so that what is
 * said to be wrong is wrong with what was meant. Whether fields exist and types fit is for `planFeatures`, which sees all
 * definitions together.
 *
 * @throws RapportError `features.definition`: 'orders_30d/value/window/last/count must be at least 1, got 0'
 *
 * @example
 * readDefinition({ name: 'orders', label: 'Orders', value: { aggregate: 'count', from: { lines: 'sale' } } })
 */
export function readDefinition(json: unknown): FeatureDefinition {
  const place = { feature: '', pointer: '' }
  const document = objectAt(json, place, 'with name, label and value')
  const hidden = prototypeKeyIn(json)
  if (hidden !== undefined) throw wrongPart({ feature: '', pointer: hidden }, 'must not be a key')
  const named = { ...place, feature: featureName.safeParse(document['name']).data ?? '' }
  new Reader(strictly).expression(document['value'], under(named, 'value'), 1)
  return readPart(featureDefinition, document, named)
}

/** What is wrong with a document that is to be a definition, and the expressions of it that can be read. */
export interface DefinitionParts {
  readonly errors: readonly PlacedError[]
  /** The inner ones first. */
  readonly expressions: readonly ExpressionPart[]
}

/**
 * Everything that keeps a document from being read as a definition, of parts in each other what is wrong with the inner; and what
 * can be read of it all the same.
 */
export function definitionParts(json: unknown): DefinitionParts {
  const noted = new NotedErrors()
  noted.attempt(() => {
    const place = { feature: '', pointer: '' }
    const document = objectAt(json, place, 'with name, label and value')
    const hidden = prototypeKeyIn(json)
    if (hidden !== undefined) throw wrongPart({ feature: '', pointer: hidden }, 'must not be a key')
    const named = { ...place, feature: featureName.safeParse(document['name']).data ?? '' }
    // What is beside the value is looked at, whatever is wrong with that.
    noted.attempt(() => new Reader(noted).expression(document['value'], under(named, 'value'), 1))
    noted.part(featureDefinition, document, named)
  })
  return noted
}

/**
 * Everything that is wrong with an expression that stands in another document, as in the rule of a segment.
 *
 * @param pointer to it there
 */
export function expressionErrors(json: unknown, pointer: string): readonly PlacedError[] {
  const noted = new NotedErrors()
  noted.attempt(() => new Reader(noted).expression(json, { feature: '', pointer }, 1))
  return noted.errors
}

/** What is done with a part that does not fit. */
interface Attempts {
  /** Reads a part beside which there are others. */
  attempt(read: () => void): void
  /** Reads one object, whose nested objects have been read. */
  part(schema: z.ZodObject, value: unknown, place: PartPlace): void
  /** Reads an expression with all that it is made of. */
  whole(node: unknown, place: PartPlace, read: () => void): void
}

/** The first error is thrown. */
const strictly: Attempts = { attempt: (read) => read(), part: readPart, whole: (_, __, read) => read() }

/** Errors are noted, and the rest is read. */
class NotedErrors implements Attempts, DefinitionParts {
  readonly errors: PlacedError[] = []
  readonly expressions: ExpressionPart[] = []

  attempt(read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error
      this.note(error)
    }
  }

  part(schema: z.ZodObject, value: unknown, place: PartPlace): void {
    for (const error of partErrors(schema, value, place)) this.note(error)
  }

  whole(node: unknown, { pointer }: PartPlace, read: () => void): void {
    const before = this.errors.length
    read()
    const { data } = this.errors.length === before ? featureExpression.safeParse(node) : {}
    if (data !== undefined) this.expressions.push({ value: data, pointer })
  }

  /** The schema of an outer part says again, in fewer words, what is wrong with an inner one. */
  private note(error: PlacedError): void {
    const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`)
    const isSaid = this.errors.some(
      ({ pointer }) => isWithin(pointer, error.pointer) || isWithin(error.pointer, pointer),
    )
    if (!isSaid) this.errors.push(error)
  }
}

/** Their parts are read before. */
const readSum = sumExpression(z.unknown())
const readGiven = givenExpression(z.unknown())

type Read = (node: unknown, place: PartPlace) => void

/** Looks at every part by the kind that its key says; what it finds nothing wrong with fits the schema. */
class Reader {
  private readonly attempts: Attempts
  private parts = 0

  constructor(attempts: Attempts) {
    this.attempts = attempts
  }

  expression(node: unknown, place: PartPlace, depth: number): void {
    if (depth > depthMax) throw wrongPart(place, `must be at most ${depthMax} levels deep`)
    this.parts += 1
    if (this.parts > partsMax) throw wrongPart(place, `must be one of at most ${partsMax} parts`)
    const object = objectAt(node, place, `with one of ${Object.keys(this.kinds).join(', ')}`)
    const kind = oneKey(object, Object.keys(this.kinds) as (keyof Reader['kinds'])[], place)
    this.attempts.whole(node, place, () => this.kinds[kind](object, place, depth))
  }

  private readonly kinds = {
    aggregate: (node: object, place: PartPlace): void => this.aggregate(node, place),
    sequence: (node: object, place: PartPlace): void => {
      this.each(node, place, { sequence: this.sequence, window: this.window })
      this.attempts.part(sequenceExpression, node, place)
    },
    trend: (node: object, place: PartPlace): void => {
      this.each(node, place, { trend: this.aggregate })
      this.attempts.part(trendExpression, node, place)
    },
    trait: (node: object, place: PartPlace): void => this.attempts.part(traitExpression, node, place),
    score: (node: object, place: PartPlace): void => this.attempts.part(scoreExpression, node, place),
    feature: (node: object, place: PartPlace): void => this.attempts.part(featureReference, node, place),
    ratio: (node: object, place: PartPlace, depth: number): void => this.pair(node, place, 'ratio', 'by', depth),
    difference: (node: object, place: PartPlace, depth: number): void =>
      this.pair(node, place, 'difference', 'minus', depth),
    sum: (node: object, place: PartPlace, depth: number): void => this.sum(node, place, depth),
    given: (node: object, place: PartPlace, depth: number): void => this.given(node, place, depth),
    model: (node: object, place: PartPlace): void => this.attempts.part(modelExpression, node, place),
  }

  private sum(node: object, place: PartPlace, depth: number): void {
    const { sum } = node as { readonly sum: unknown }
    if (!Array.isArray(sum)) throw wrongPart(under(place, 'sum'), 'must be a list of objects with of and times', sum)
    for (const [index, one] of sum.entries()) {
      const at = under(place, 'sum', index)
      this.attempts.attempt(() =>
        this.expression(objectAt(one, at, 'with of and times')['of'], under(at, 'of'), depth + 1),
      )
    }
    this.attempts.part(readSum, node, place)
  }

  private given(node: object, place: PartPlace, depth: number): void {
    const inner = objectAt(
      (node as { readonly given: unknown }).given,
      under(place, 'given'),
      'with of, if, op and than',
    )
    for (const part of ['of', 'if'])
      this.attempts.attempt(() => this.expression(inner[part], under(place, 'given', part), depth + 1))
    this.attempts.part(readGiven, node, place)
  }

  private pair(node: object, place: PartPlace, kind: 'ratio' | 'difference', second: string, depth: number): void {
    onlyKeys(node, [kind], place)
    const inner = objectAt(node[kind as keyof typeof node], under(place, kind), `with of and ${second}`)
    onlyKeys(inner, ['of', second], under(place, kind))
    for (const part of ['of', second])
      this.attempts.attempt(() => this.expression(inner[part], under(place, kind, part), depth + 1))
  }

  private readonly aggregate: Read = (node, place) => {
    this.each(node, place, { from: this.pattern, window: this.window, halfLife: this.length, also: this.also }, [
      'from',
    ])
    this.attempts.part(aggregateExpression, node, place)
  }

  private readonly also: Read = (node, place) => {
    if (!Array.isArray(node)) throw wrongPart(place, 'must be a list of objects with from and times', node)
    for (const [index, one] of node.entries())
      this.attempts.attempt(() => this.each(one, under(place, index), { from: this.pattern }, ['from']))
  }

  private readonly sequence: Read = (node, place) => {
    const { pattern, length } = this
    const readers = { first: pattern, next: pattern, never: pattern, without: pattern, within: length }
    this.each(node, place, readers, ['first', 'within'])
    this.attempts.part(sequenceExpression.shape.sequence, node, place)
  }

  private readonly pattern: Read = (node, place) => {
    const object = objectAt(node, place, 'with events or lines')
    const schema: z.ZodObject = { events: eventPattern, lines: linePattern }[oneKey(object, ['events', 'lines'], place)]
    const { where } = object
    if (Array.isArray(where))
      for (const [index, condition] of where.entries())
        this.attempts.part(factCondition, condition, under(place, 'where', index))
    this.attempts.part(schema, node, place)
  }

  private readonly window: Read = (node, place) => {
    const object = objectAt(node, place, 'with last, calendar or session')
    const schemas = { last: rollingWindow, calendar: calendarWindow, session: sessionWindow }
    this.each(node, place, { last: this.length, skip: this.length })
    const schema: z.ZodObject = schemas[oneKey(object, ['last', 'calendar', 'session'], place)]
    this.attempts.part(schema, node, place)
  }

  private readonly length: Read = (node, place) => this.attempts.part(duration, node, place)

  /** Reads those of the parts that are there, and those that must be. */
  private each(
    node: unknown,
    place: PartPlace,
    readers: Readonly<Record<string, Read>>,
    required: readonly string[] = [],
  ): void {
    const object = objectAt(node, place, `with ${Object.keys(readers).join(', ')}`)
    for (const [key, read] of Object.entries(readers))
      if (required.includes(key) || Object.hasOwn(object, key))
        this.attempts.attempt(() => read(object[key], under(place, key)))
  }
}

function objectAt(node: unknown, place: PartPlace, what: string): Readonly<Record<string, unknown>> {
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) return node as Record<string, unknown>
  throw wrongPart(place, `must be an object ${what}`, node)
}

function oneKey<Key extends string>(node: object, keys: readonly Key[], place: PartPlace): Key {
  const found = keys.filter((key) => Object.hasOwn(node, key))
  if (found.length === 1) return found[0]!
  const got = found.length > 0 ? found.join(', ') : Object.keys(node).slice(0, 5).join(', ') || 'none'
  throw wrongPart(place, `must have exactly one of ${keys.join(', ')}, got ${got}`)
}

function onlyKeys(node: object, keys: readonly string[], place: PartPlace): void {
  const extra = Object.keys(node).find((key) => !keys.includes(key))
  if (extra !== undefined) throw wrongPart(under(place, extra), `must not be there: what may is ${keys.join(', ')}`)
}
