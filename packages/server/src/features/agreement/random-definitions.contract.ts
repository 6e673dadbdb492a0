import type { Random } from '@rapport/numerics'
import {
  type AggregateExpression,
  type AggregateName,
  aggregateNames,
  type Duration,
  type FeatureDefinition,
  type FeatureEntity,
  type FeatureExpression,
  type FeatureWindow,
  givenOperators,
  type SequenceExpression,
} from '@rapport/protocol'
import type { FeatureModels } from '../defined/plan-features.ts'
import { readDefinition } from '../defined/read-definition.ts'
import type { ScoringTree } from '../defined/scoring.ts'
import { type Pick, pattern, picker } from './random-patterns.contract.ts'

/** Kinds of windows that coverage is counted by. */
export const windowKinds = [
  ...['lifetime', 'minutes', 'hours', 'days', 'hours by minutes', 'days by hours', 'skipped'],
  ...['day', 'week', 'month', 'year', 'session'],
] as const
export type WindowKind = (typeof windowKinds)[number]

const entities: readonly FeatureEntity[] = [
  ...(['customer', 'customer', 'customer', 'customer'] as const),
  ...(['product', 'category', 'customer-product', 'customer-category'] as const),
]

/**
 * Definitions of every aggregate over every kind of window, turn by turn, with sequences, traits, scores and arithmetic among
 * them.
 *
 * @param turn how many were drawn before: where the turns go on
 */
export function randomDefinitions(random: Random, count: number, turn: number): readonly FeatureDefinition[] {
  const made: FeatureDefinition[] = []
  while (made.length < count) {
    const at = turn + made.length
    // Sessions are of customers.
    const entity = combinationOf(at)[1] === 'session' ? 'customer' : picker(random)(entities)
    const value = randomExpression(random, at, entity, made)
    made.push(readDefinition(JSON.parse(JSON.stringify({ name: `f${made.length}`, label: 'It', entity, value }))))
  }
  return made
}

/** Every combination comes once in as many turns as there are, whatever else is drawn. */
const combinations: readonly (readonly [AggregateName, WindowKind])[] = aggregateNames.flatMap((aggregate) =>
  windowKinds.flatMap((kind): [AggregateName, WindowKind][] =>
    isFading(aggregate) && kind !== 'lifetime' ? [] : [[aggregate, kind]],
  ),
)

function isFading(aggregate: AggregateName): boolean {
  return aggregate === 'decayed-sum' || aggregate === 'strongest'
}

/** 11 is coprime to how many there are: neighbours in the list do not come together. */
const combinationOf = (turn: number) => combinations[(turn * 11) % combinations.length]!

function randomExpression(
  random: Random,
  turn: number,
  entity: FeatureEntity,
  made: readonly FeatureDefinition[],
): FeatureExpression {
  const pick = picker(random)
  const what = turn % 12
  if (what === 3 || what === 8) return sequence(random, pick(windowKinds), entity)
  if (what === 5 && entity === 'customer')
    return pick<FeatureExpression>([
      { trait: 'plan', as: 'text' },
      { trait: 'income', as: 'number' },
      { trait: 'plan', as: 'number' },
      { score: 'lapse' },
      { score: 'lapse' },
    ])
  if (what === 10) return tree(random, entity, made, 2)
  const [aggregate, kind] = combinationOf(turn)
  return aggregateOf(random, aggregate, kind, entity)
}

/** What numbers are made of others. */
function tree(
  random: Random,
  entity: FeatureEntity,
  made: readonly FeatureDefinition[],
  depth: number,
): FeatureExpression {
  const pick = picker(random)
  const others = made.filter(({ entity: its, value }) => its === entity && isNumber(value, made))
  const part = (): FeatureExpression => {
    const kind = pick(depth > 0 ? ['aggregate', 'sequence', 'reference', 'tree'] : ['aggregate', 'reference'])
    if (kind === 'tree') return tree(random, entity, made, depth - 1)
    if (kind === 'sequence') return sequence(random, pick(windowKinds), entity)
    if (kind === 'reference' && others.length > 0) return { feature: pick(others).name }
    return aggregateOf(random, pick(['count', 'sum', 'distinct', 'average', 'max']), pick(windowKinds), entity)
  }
  switch (pick(['ratio', 'difference', 'trend', 'sum', 'given', 'given', 'model'])) {
    case 'ratio':
      return { ratio: { of: part(), by: part() } }
    case 'sum':
      return { sum: [{ of: part(), times: pick([3, -0.1, 2.5]) }, { of: part() }], plus: pick([0, -1.5]) }
    case 'given': {
      // Inside of others only numbers.
      const of = depth < 2 ? part() : pick([part(), aggregateOf(random, 'most-frequent', pick(windowKinds), entity)])
      return { given: { of, if: part(), op: pick(givenOperators), than: pick([0, 1, 2, 0.5]) } }
    }
    case 'model':
      // Customers have scores; of others the same arithmetic is asked of a sum.
      if (entity === 'customer') return { model: pick(modelNames) }
      return { sum: [{ of: part() }] }
    case 'difference':
      return { difference: { of: part(), minus: part() } }
    default: {
      const kind = pick(['minutes', 'hours', 'days', 'skipped'] as const)
      return { trend: aggregateOf(random, pick(['count', 'sum', 'distinct']), kind, entity) }
    }
  }
}

const modelNames = ['linear', 'trees', 'none']

/** Models that random definitions ask, of numbers that are the same to the bit everywhere; one of them does not serve. */
export function randomModels(random: Random): FeatureModels {
  const pick = picker(random)
  const inputs = Array.from({ length: 5 }, () =>
    aggregateOf(random, pick(['count', 'max', 'distinct', 'span', 'min']), pick(windowKinds), 'customer'),
  )
  const term = (input: number) => ({
    ...{ input, of: pick(['value', 'log', 'missing'] as const), fill: pick([0, 1.5]), centre: pick([0, 2]) },
    ...{ scale: pick([1, 3]), most: 5, coefficient: pick([1, -0.5, 2]) },
  })
  const tree = (depth: number): ScoringTree => {
    if (depth === 0) return pick([0.25, -0.5, 1])
    const [left, right] = [tree(depth - 1), tree(depth - 1 - random.integer(depth))]
    return { input: random.integer(5), upTo: pick([0, 1, 2, 0.5]), missingLeft: pick([true, false]), left, right }
  }
  const calibration = { base: -0.5, slope: 0.9, offset: 0.1 }
  return new Map([
    ['linear', { inputs, scoring: { ...calibration, terms: inputs.map((_, at) => term(at)), trees: [] } }],
    ['trees', { inputs, scoring: { ...calibration, terms: [], trees: [tree(3), tree(2), tree(3)] } }],
  ])
}

function isNumber(value: FeatureExpression, made: readonly FeatureDefinition[]): boolean {
  if ('given' in value) return isNumber(value.given.of, made)
  if ('feature' in value) return isNumber(made.find(({ name }) => name === value.feature)!.value, made)
  if ('trait' in value) return value.as === 'number'
  if (!('aggregate' in value)) return true
  if (value.aggregate === 'most-frequent' || value.aggregate === 'strongest') return false
  if (value.aggregate !== 'first' && value.aggregate !== 'last') return true
  return value.as === 'number' || numberFields.includes(value.of!)
}

const numberFields = ['quantity', 'price', 'amount', 'discount', 'unit_price', 'tax', 'refund']
const eventNumbers = ['quantity', 'price', 'properties.rating']
const eventTexts = ['product_id', 'category', 'session_id', 'source', 'properties.plan.name', 'message_id', 'currency']
const lineNumbers = ['quantity', 'amount', 'discount', 'unit_price', 'tax', 'refund']
const lineTexts = ['order_id', 'product_id', 'category', 'country', 'source']

function aggregateOf(
  random: Random,
  aggregate: AggregateName,
  kind: WindowKind,
  entity: FeatureEntity,
): AggregateExpression {
  const pick = picker(random)
  // A session is one of events.
  const from = pattern(random, kind === 'session')
  const [numbers, texts] = 'lines' in from ? [lineNumbers, lineTexts] : [eventNumbers, eventTexts]
  const made: AggregateExpression = { aggregate, from }
  if (isFading(aggregate))
    made.halfLife = pick([
      { count: 90, unit: 'minute' },
      { count: 3, unit: 'day' },
    ] as const)
  else {
    const window = windowOf(random, kind, entity)
    if (window !== undefined) made.window = window
  }
  if (aggregate === 'strongest') return { ...made, ...weighing(random) }
  const of = fieldFor(aggregate, pick, numbers, texts)
  if (of !== undefined) made.of = of
  if ((aggregate === 'first' || aggregate === 'last') && of === 'properties.rating') made.as = pick(['number', 'text'])
  return made
}

/** Of a field that events and lines both have. */
function weighing(random: Random): Partial<AggregateExpression> {
  const pick = picker(random)
  const also = Array.from({ length: random.integer(3) }, () => ({ from: pattern(random), times: pick([1, 3, 0.5]) }))
  const of = pick(['product_id', 'category', 'source'])
  return { of, ...pick<object>([{}, { times: 2 }]), ...(also.length > 0 ? { also } : {}) }
}

function fieldFor(
  aggregate: AggregateName,
  pick: Pick,
  numbers: readonly string[],
  texts: readonly string[],
): string | undefined {
  switch (aggregate) {
    case 'sum':
    case 'average':
    case 'min':
    case 'max':
      return pick(numbers)
    case 'distinct':
    case 'most-frequent':
      return pick(texts)
    case 'first':
    case 'last':
      return pick([...numbers, ...texts])
    case 'decayed-sum':
      return pick([undefined, ...numbers])
    default:
      return undefined
  }
}

/** None for lifetime, and where an entity has no sessions. */
function windowOf(random: Random, kind: WindowKind, entity: FeatureEntity): FeatureWindow | undefined {
  const pick = picker(random)
  const last = (most: number, unit: Duration['unit']): Duration => ({ count: 1 + random.integer(most), unit })
  switch (kind) {
    case 'lifetime':
      return undefined
    case 'minutes':
      return { last: last(240, 'minute') }
    case 'hours':
      return { last: last(48, 'hour') }
    case 'days':
      return { last: last(10, 'day') }
    case 'hours by minutes':
      return { last: last(12, 'hour'), grain: 'minute' }
    case 'days by hours':
      return { last: last(6, 'day'), grain: 'hour' }
    case 'skipped':
      return pick([
        { last: last(5, 'day'), skip: last(4, 'day') },
        { last: last(2, 'day'), skip: last(20, 'hour'), grain: 'hour' as const },
      ])
    case 'session':
      return entity === 'customer' ? { session: 'current' } : undefined
    default:
      return { calendar: kind, ago: random.integer(3) }
  }
}

function sequence(random: Random, kind: WindowKind, entity: FeatureEntity): SequenceExpression {
  const pick = picker(random)
  const window = windowOf(random, kind, entity)
  const within = pick<Duration>([
    { count: 1 + random.integer(90), unit: 'minute' },
    { count: 1 + random.integer(36), unit: 'hour' },
    { count: 1 + random.integer(5), unit: 'day' },
  ])
  const first = pattern(random)
  const follow = pick(['next', 'next', 'without', 'never'])
  const made: SequenceExpression = {
    sequence:
      follow === 'never'
        ? { first, never: pattern(random), within }
        : { first, next: pattern(random), within, ...(follow === 'without' ? { without: pattern(random) } : {}) },
  }
  if (window !== undefined) made.window = window
  return made
}
