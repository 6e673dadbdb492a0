import {
  aggregateExpression,
  calendarWindow,
  duration,
  eventPattern,
  type FeatureDefinition,
  factCondition,
  featureDefinition,
  featureName,
  featureReference,
  linePattern,
  rollingWindow,
  scoreExpression,
  sequenceExpression,
  sessionWindow,
  traitExpression,
  trendExpression,
} from '@rapport/protocol'
import type { z } from 'zod'
import { prototypeKeyIn } from '../../base/index.ts'
import { type PartPlace, readPart, under, wrongPart } from './definition-part.ts'

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
  new Reader().expression(document['value'], under(named, 'value'), 1)
  return readPart(featureDefinition, document, named)
}

type Read = (node: unknown, place: PartPlace) => void

/** Throws at the first part that is none; what it lets pass fits the schema. */
class Reader {
  private parts = 0

  expression(node: unknown, place: PartPlace, depth: number): void {
    if (depth > depthMax) throw wrongPart(place, `must be at most ${depthMax} levels deep`)
    this.parts += 1
    if (this.parts > partsMax) throw wrongPart(place, `must be one of at most ${partsMax} parts`)
    const object = objectAt(node, place, `with one of ${Object.keys(this.kinds).join(', ')}`)
    this.kinds[oneKey(object, Object.keys(this.kinds) as (keyof Reader['kinds'])[], place)](object, place, depth)
  }

  private readonly kinds = {
    aggregate: (node: object, place: PartPlace): void => aggregate(node, place),
    sequence: (node: object, place: PartPlace): void => {
      each(node, place, { sequence, window })
      readPart(sequenceExpression, node, place)
    },
    trend: (node: object, place: PartPlace): void => {
      each(node, place, { trend: aggregate })
      readPart(trendExpression, node, place)
    },
    trait: (node: object, place: PartPlace): void => void readPart(traitExpression, node, place),
    score: (node: object, place: PartPlace): void => void readPart(scoreExpression, node, place),
    feature: (node: object, place: PartPlace): void => void readPart(featureReference, node, place),
    ratio: (node: object, place: PartPlace, depth: number): void => this.pair(node, place, 'ratio', 'by', depth),
    difference: (node: object, place: PartPlace, depth: number): void =>
      this.pair(node, place, 'difference', 'minus', depth),
  }

  private pair(node: object, place: PartPlace, kind: 'ratio' | 'difference', second: string, depth: number): void {
    onlyKeys(node, [kind], place)
    const inner = objectAt(node[kind as keyof typeof node], under(place, kind), `with of and ${second}`)
    onlyKeys(inner, ['of', second], under(place, kind))
    for (const part of ['of', second]) this.expression(inner[part], under(place, kind, part), depth + 1)
  }
}

function aggregate(node: unknown, place: PartPlace): void {
  each(node, place, { from: pattern, window, halfLife: length }, ['from'])
  readPart(aggregateExpression, node, place)
}

function sequence(node: unknown, place: PartPlace): void {
  const readers = { first: pattern, next: pattern, never: pattern, without: pattern, within: length }
  each(node, place, readers, ['first', 'within'])
  readPart(sequenceExpression.shape.sequence, node, place)
}

function pattern(node: unknown, place: PartPlace): void {
  const object = objectAt(node, place, 'with events or lines')
  const schema: z.ZodObject = { events: eventPattern, lines: linePattern }[oneKey(object, ['events', 'lines'], place)]
  const { where } = object
  if (Array.isArray(where))
    for (const [index, condition] of where.entries()) readPart(factCondition, condition, under(place, 'where', index))
  readPart(schema, node, place)
}

function window(node: unknown, place: PartPlace): void {
  const object = objectAt(node, place, 'with last, calendar or session')
  const schemas = { last: rollingWindow, calendar: calendarWindow, session: sessionWindow }
  each(node, place, { last: length, skip: length })
  const schema: z.ZodObject = schemas[oneKey(object, ['last', 'calendar', 'session'], place)]
  readPart(schema, node, place)
}

const length: Read = (node, place) => void readPart(duration, node, place)

/** Reads those of the parts that are there, and those that must be. */
function each(
  node: unknown,
  place: PartPlace,
  readers: Readonly<Record<string, Read>>,
  required: readonly string[] = [],
): void {
  const object = objectAt(node, place, `with ${Object.keys(readers).join(', ')}`)
  for (const [key, read] of Object.entries(readers))
    if (required.includes(key) || Object.hasOwn(object, key)) read(object[key], under(place, key))
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
