import type { AggregateExpression, FeatureDefinition, FeatureExpression, GivenExpression } from './expression.ts'
import type { FactCondition, FactPattern } from './pattern.ts'
import type { CalendarWindow, Duration, RollingWindow, TimeUnit } from './window.ts'

/** `3, 'days'` or `1, 'day'`. */
type Unit = TimeUnit | `${TimeUnit}s`
const durationOf = (count: number, unit: Unit): Duration => ({ count, unit: unitOf(unit) })
const unitOf = (unit: Unit): TimeUnit => unit.replace(/s$/, '') as TimeUnit

/** How a rolling window ends and moves on. */
export interface RollingOptions {
  /** How long before now it ends. */
  readonly skip?: readonly [count: number, unit: Unit]
  readonly grain?: Unit
}

/** Something that has an expression: what a feature is made of. */
export interface Built {
  readonly expression: FeatureExpression
}

/** An aggregate over the whole history, which a window can be put around. */
export class BuiltAggregate implements Built {
  readonly expression: AggregateExpression

  constructor(expression: AggregateExpression) {
    this.expression = expression
  }

  /** Over the latest stretch of time. */
  last(count: number, unit: Unit, { skip, grain }: RollingOptions = {}): BuiltRolling {
    const window: RollingWindow = { last: durationOf(count, unit) }
    if (skip !== undefined) window.skip = durationOf(...skip)
    if (grain !== undefined) window.grain = unitOf(grain)
    return new BuiltRolling({ ...this.expression, window })
  }

  /** In this period of the store's calendar, or one before it. */
  during(calendar: CalendarWindow['calendar'], ago = 0): Built {
    return { expression: { ...this.expression, window: { calendar, ago } } }
  }

  /** In the customer's latest session. */
  inSession(): Built {
    return { expression: { ...this.expression, window: { session: 'current' } } }
  }
}

/** An aggregate over a rolling window. */
export class BuiltRolling implements Built {
  readonly expression: AggregateExpression

  constructor(expression: AggregateExpression) {
    this.expression = expression
  }

  /** Against the window of the same length before it; of a count, sum or distinct. */
  trend(): Built {
    return { expression: { trend: this.expression } }
  }
}

/** Which facts are meant, and what is to be known of them. Each step gives a new one. */
export class Facts {
  readonly pattern: FactPattern

  constructor(pattern: FactPattern) {
    this.pattern = pattern
  }

  /** Those of them for which this holds too. */
  where(field: string, op: FactCondition['op'], value?: FactCondition['value']): Facts {
    const condition: FactCondition = value === undefined ? { field, op } : { field, op, value }
    return new Facts({ ...this.pattern, where: [...(this.pattern.where ?? []), condition] })
  }

  readonly count = (): BuiltAggregate => this.aggregate('count')
  readonly sum = (of: string): BuiltAggregate => this.aggregate('sum', { of })
  readonly average = (of: string): BuiltAggregate => this.aggregate('average', { of })
  readonly min = (of: string): BuiltAggregate => this.aggregate('min', { of })
  readonly max = (of: string): BuiltAggregate => this.aggregate('max', { of })
  readonly distinct = (of: string): BuiltAggregate => this.aggregate('distinct', { of })
  readonly mostFrequent = (of: string): BuiltAggregate => this.aggregate('most-frequent', { of })
  readonly timeSinceFirst = (): BuiltAggregate => this.aggregate('time-since-first')
  readonly timeSinceLast = (): BuiltAggregate => this.aggregate('time-since-last')
  readonly span = (): BuiltAggregate => this.aggregate('span')
  readonly gapMean = (): BuiltAggregate => this.aggregate('gap-mean')
  readonly gapDeviation = (): BuiltAggregate => this.aggregate('gap-deviation')

  first(of: string, as?: 'number' | 'text'): BuiltAggregate {
    return this.aggregate('first', as === undefined ? { of } : { of, as })
  }

  last(of: string, as?: 'number' | 'text'): BuiltAggregate {
    return this.aggregate('last', as === undefined ? { of } : { of, as })
  }

  /** Of a field, or of ones: a count that fades. */
  decayed(halfLife: number, unit: Unit, of?: string): Built {
    const { expression } = this.aggregate('decayed-sum', { halfLife: durationOf(halfLife, unit) })
    return { expression: of === undefined ? expression : { ...expression, of } }
  }

  /** The text that these weigh for the most, fading: `views.strongest('category', 30, 'days', [sales, 5])`. */
  strongest(
    of: string,
    halfLife: number,
    unit: Unit,
    ...also: readonly (readonly [facts: Facts, times: number])[]
  ): Built {
    const { expression } = this.aggregate('strongest', { of, halfLife: durationOf(halfLife, unit) })
    const more = also.map(([{ pattern }, times]) => ({ from: pattern, times }))
    return { expression: more.length === 0 ? expression : { ...expression, also: more } }
  }

  /** How many of these were followed by one of `next` in time, with none of `without` in between. */
  followedBy(next: Facts, within: readonly [count: number, unit: Unit], without?: Facts): Built {
    const sequence = { first: this.pattern, next: next.pattern, within: durationOf(...within) }
    return { expression: { sequence: without === undefined ? sequence : { ...sequence, without: without.pattern } } }
  }

  /** How many of these were not followed by one of `never`, although the time is over. */
  neverFollowedBy(never: Facts, within: readonly [count: number, unit: Unit]): Built {
    return { expression: { sequence: { first: this.pattern, never: never.pattern, within: durationOf(...within) } } }
  }

  private aggregate(
    aggregate: AggregateExpression['aggregate'],
    more: Partial<Pick<AggregateExpression, 'of' | 'as' | 'halfLife'>> = {},
  ): BuiltAggregate {
    return new BuiltAggregate({ aggregate, from: this.pattern, ...more })
  }
}

/** Events of this name, or of any. */
export const events = (name?: string): Facts => new Facts({ events: name ?? true })

/** Lines of orders. */
export const lines = (kind: 'sale' | 'cancellation' | 'adjustment'): Facts => new Facts({ lines: kind })

/** A trait of the customer. */
export const trait = (name: string, as: 'number' | 'text' = 'text'): Built => ({ expression: { trait: name, as } })

/** What the newest model says of the customer. */
export const score = (name: string): Built => ({ expression: { score: name } })

/** Another definition of the same entity. */
export const reference = (feature: string): Built => ({ expression: { feature } })

export const ratio = (of: Built, by: Built): Built => ({
  expression: { ratio: { of: of.expression, by: by.expression } },
})

/** Parts added up, each as often as it says: `sum([views, 1], [orders, 5])`. */
export const sum = (...parts: readonly (readonly [part: Built, times?: number])[]): Built => ({
  expression: {
    sum: parts.map(([{ expression }, times]) => ({ of: expression, ...(times === undefined ? {} : { times }) })),
  },
})

/** A value where another one compares so, missing elsewhere: `given(share, orders, '>=', 3)`. */
export const given = (of: Built, when: Built, op: GivenExpression['given']['op'], than: number): Built => ({
  expression: { given: { of: of.expression, if: when.expression, op, than } },
})

/** What the model of a prediction about sessions says. */
export const model = (prediction: string): Built => ({ expression: { model: prediction } })

export const difference = (of: Built, minus: Built): Built => ({
  expression: { difference: { of: of.expression, minus: minus.expression } },
})

/**
 * A definition, as the JSON that a file or a request would hold.
 *
 * @param label in words
 *
 * @example
 * feature('orders_30d', 'Orders in the last 30 days', lines('sale').distinct('order_id').last(30, 'days'))
 */
export function feature(
  name: string,
  label: string,
  { expression }: Built,
  more: Partial<Pick<FeatureDefinition, 'entity' | 'unit'>> = {},
): FeatureDefinition {
  return { name, label, entity: 'customer', ...more, value: expression }
}
