import { build, type FeatureExpression } from '@rapport/protocol'
import type { Aggregate, Condition, Definition, Feature, Window } from '../definition.ts'

const { events, lines, ratio, score, trait } = build

/**
 * The same feature in the language of declared ones, so that SQL and the live copy compute it alike; null where that language
 * has no word for it. Those are: what carts and prices are compared with, days with a purchase and the gaps between them,
 * hours and weekdays of orders, returns, discounts by amount, and age.
 *
 * Its windows move by whole days (UTC): as of the last millisecond of a day it is what the catalogue's own is, where an order's
 * lines share one moment and all of them are products.
 */
export function liveTwin(feature: Feature): Feature | null {
  if (feature.definition.kind === 'declared') return feature
  const value = expressionOf(feature.definition)
  if (value === null) return null
  // No declared feature has such a name.
  const name = `catalogue/${feature.name}`
  const definition = { name, label: feature.label, entity: 'customer', value } as const
  return { ...feature, definition: { kind: 'declared', name, definitions: [definition] } }
}

/** Each of them in the language of declared features where it can be said there, as it is elsewhere. */
export const asLive = (features: readonly Feature[]): readonly Feature[] =>
  features.map((feature) => liveTwin(feature) ?? feature)

function expressionOf(definition: Definition): FeatureExpression | null {
  switch (definition.kind) {
    case 'aggregate':
      return aggregateOf(definition)
    case 'ratio': {
      const [of, by] = [expressionOf(definition.of), expressionOf(definition.by)]
      return of && by && { ratio: { of, by } }
    }
    case 'change':
      return trendOf(definition.now, definition.before)
    case 'score':
      return score(definition.score).expression
    case 'trait':
      // Years since a birthday are a function of the calendar that the language does not have.
      if (definition.trait === 'age') return null
      return trait(definition.trait, definition.trait === 'income' ? 'number' : 'text').expression
    case 'declared':
      return null
  }
}

/** Now against the window of the same length before it. */
function trendOf(now: Definition, before: Definition): FeatureExpression | null {
  if (now.kind !== 'aggregate' || before.kind !== 'aggregate' || now.window === undefined) return null
  if (before.window?.days !== now.window.days || before.window.skipDays !== now.window.days) return null
  // A visit counts where it ended, and is in one window only; texts count wherever they are seen.
  if (now.source === 'sessions') return null
  const expression = aggregateOf(now)
  return expression !== null && 'aggregate' in expression ? { trend: expression } : null
}

function aggregateOf(aggregate: Aggregate): FeatureExpression | null {
  const facts = factsOf(aggregate)
  if (facts === null) return null
  const { window } = aggregate
  const over = (built: build.BuiltAggregate): FeatureExpression => windowed(built, window)
  if (aggregate.source !== 'purchases') {
    if (aggregate.aggregate === 'count') return over(facts.counted)
    return aggregate.aggregate === 'days-since-latest' ? over(facts.all.timeSinceLast()) : null
  }
  const amount = aggregate.of === 'amount' ? 'amount' : aggregate.of === 'items' ? 'quantity' : null
  switch (aggregate.aggregate) {
    case 'count':
      return over(facts.counted)
    case 'sum':
      return amount && over(facts.all.sum(amount))
    case 'mean':
      return (
        amount && ratio({ expression: over(facts.all.sum(amount)) }, { expression: over(facts.counted) }).expression
      )
    case 'days-since-latest':
      return over(facts.all.timeSinceLast())
    case 'days-since-earliest':
      return over(facts.all.timeSinceFirst())
    case 'earliest-value':
      return aggregate.of === 'source' || aggregate.of === 'country' ? over(facts.all.first(aggregate.of)) : null
    case 'deviation':
      return null
  }
}

interface SourceFacts {
  readonly all: build.Facts
  /** One for each row of the source. */
  readonly counted: build.BuiltAggregate
}

function factsOf({ source, where = [] }: Aggregate): SourceFacts | null {
  const sold = lines('sale')
  switch (source) {
    case 'purchases':
      return where.length === 0 ? { all: sold, counted: sold.distinct('order_id') } : null
    case 'products':
      return { all: sold, counted: sold.distinct('product_id') }
    case 'lines':
      return counted(where.reduce<build.Facts | null>(discounted, sold))
    case 'categories':
      return counted(where.reduce<build.Facts | null>(ofCategory, sold.where('category', 'known')))
    case 'sessions': {
      const seen = events().where('session_id', 'known')
      return where.length === 0 ? { all: seen, counted: seen.distinct('session_id') } : null
    }
    case 'events':
      return counted(eventsOf(where))
    case 'purchase-days':
    case 'returns':
      return null
  }
}

const counted = (all: build.Facts | null): SourceFacts | null => all && { all, counted: all.count() }

function discounted(facts: build.Facts | null, condition: Condition): build.Facts | null {
  if (!('equals' in condition) || condition.equals !== true) return null
  if (condition.column === 'is_discounted') return facts?.where('discount', '>', 0) ?? null
  return condition.column === 'is_discount_known' ? (facts?.where('discount', 'known') ?? null) : null
}

const ofCategory = (facts: build.Facts | null, condition: Condition): build.Facts | null =>
  'within' in condition && condition.column === 'category'
    ? (facts?.where('category', 'within', condition.within) ?? null)
    : null

function eventsOf([condition, ...more]: readonly Condition[]): build.Facts | null {
  if (more.length > 0 || condition === undefined || !('equals' in condition)) return null
  const text = String(condition.equals)
  if (condition.column === 'name') return events(text)
  return condition.column === 'call' ? new build.Facts({ events: true, call: text as 'page' }) : null
}

function windowed(built: build.BuiltAggregate, window: Window | undefined): FeatureExpression {
  if (window === undefined) return built.expression
  const { days, skipDays = 0 } = window
  return built.last(days, 'days', skipDays > 0 ? { skip: [skipDays, 'days'] } : {}).expression
}
