import type {
  AggregateExpression,
  Duration,
  FactCondition,
  FactPattern,
  FeatureDefinition,
  FeatureExpression,
  FeatureWindow,
} from '@rapport/protocol'
import { saidWithUnit } from '../../base/index.ts'

type Features = ReadonlyMap<string, Pick<FeatureDefinition, 'label' | 'unit'>>

/** What an expression of the feature language is about, to be read before “is”: `days since the last “Order Completed”`. */
export function expressionWords(value: FeatureExpression, features: Features): string {
  if ('aggregate' in value) return aggregateWords(value)
  if ('sequence' in value) {
    const { first, next, never, without, within } = value.sequence
    const follows = `${never ? 'was not followed' : 'was followed'} by ${patternWords((next ?? never)!)}`
    const between = without ? `, with no ${patternWords(without)} in between` : ''
    return `how often ${patternWords(first)} ${follows} within ${durationWords(within)}${between}${windowWords(value.window)}`
  }
  if ('trend' in value) return `the trend of ${aggregateWords(value.trend)}`
  if ('trait' in value) return traitWords(value.trait)
  if ('score' in value && value.score.startsWith('placed/'))
    return `the number of the segment that the model ${value.score.slice('placed/'.length)} says`
  if ('score' in value) return `the score ${value.score.replaceAll('_', ' ')}`
  if ('feature' in value) return features.get(value.feature)?.label ?? value.feature
  const words = (part: FeatureExpression): string => expressionWords(part, features)
  if ('sum' in value) {
    const parts = value.sum.map(({ of, times = 1 }) => (times === 1 ? words(of) : `${times} times ${words(of)}`))
    return [...parts, ...(value.plus ? [String(value.plus)] : [])].join(', and ')
  }
  if ('given' in value) {
    const { of, if: condition, op, than } = value.given
    return `${words(of)}, where ${words(condition)} ${comparisonWords(op, [than], unitOf(condition, features))}`
  }
  if ('model' in value) return `what the model of ${value.model.replaceAll('-', ' ')} says`
  if ('ratio' in value) return `${words(value.ratio.of)}, divided by ${words(value.ratio.by)}`
  return `${words(value.difference.of)}, less ${words(value.difference.minus)}`
}

/** Aggregates that come to a time. */
const inDays = new Set<AggregateExpression['aggregate']>([
  ...(['time-since-first', 'time-since-last', 'span', 'gap-mean', 'gap-deviation'] as const),
])

/** Of what an expression comes to; null where it has none that is known. */
export function unitOf(value: FeatureExpression, features: Features): string | null {
  if ('aggregate' in value) return inDays.has(value.aggregate) ? 'days' : null
  return 'feature' in value ? (features.get(value.feature)?.unit ?? null) : null
}

export const traitWords = (trait: string): string => trait.replaceAll('_', ' ')

/** What is counted apart, where it has a word. */
const manyOf: Readonly<Record<string, string>> = {
  order_id: 'orders',
  product_id: 'products',
  session_id: 'visits',
  category: 'categories',
}

function aggregateWords({ aggregate, of, from, window, halfLife, times, also = [] }: AggregateExpression): string {
  const facts = patternWords(from) + windowWords(window)
  const field = fieldWords(of ?? '')
  switch (aggregate) {
    case 'count':
      return 'lines' in from ? `how many ${facts}` : `how often ${facts} happened`
    case 'sum':
      return `the sum of ${field} over ${facts}`
    case 'average':
      return `the average ${field} of ${facts}`
    case 'min':
      return `the smallest ${field} of ${facts}`
    case 'max':
      return `the largest ${field} of ${facts}`
    case 'distinct':
      return `how many different ${manyOf[of ?? ''] ?? `values of ${field}`} in ${facts}`
    case 'first':
    case 'last':
      return `${field} of the ${aggregate} of ${facts}`
    case 'most-frequent':
      return `the most frequent ${field} of ${facts}`
    case 'strongest': {
      const weighed = [{ from, times }, ...also].map((one) => weighedWords(one)).join(', ')
      return `the ${field} that stands out by ${weighed}, halved every ${durationWords(halfLife!)}`
    }
    case 'time-since-first':
      return `days since the first of ${facts}`
    case 'time-since-last':
      return `days since the last of ${facts}`
    case 'span':
      return `days from the first to the last of ${facts}`
    case 'decayed-sum':
      return `${of === undefined ? `the count of ${facts}` : `the sum of ${field} over ${facts}`}, halved every ${durationWords(halfLife!)}`
    case 'gap-mean':
      return `days between ${facts}, on average`
    case 'gap-deviation':
      return `how many days the time between ${facts} varies by`
  }
}

const weighedWords = ({
  from,
  times = 1,
}: {
  readonly from: FactPattern
  readonly times?: number | undefined
}): string => (times === 1 ? patternWords(from) : `${patternWords(from)} (${times} times)`)

const lineWords = { sale: 'lines bought', cancellation: 'lines cancelled', adjustment: 'lines adjusted' } as const

/** Which facts are meant: `“Product Viewed” with category within Women`. */
function patternWords(pattern: FactPattern): string {
  const where = (pattern.where ?? []).map(conditionWords).join(' and ')
  const facts =
    'lines' in pattern
      ? lineWords[pattern.lines]
      : pattern.events === true
        ? `any ${pattern.call ?? 'event'}`
        : `“${pattern.events}”`
  return where === '' ? facts : `${facts} with ${where}`
}

const conditionWords = ({ field, op, value }: FactCondition): string =>
  op === 'within'
    ? `${fieldWords(field)} within ${String(value)}`
    : `${fieldWords(field)} ${comparisonWords(op, [value ?? []].flat() as (string | number)[]).replace(/^is /, '')}`

const fieldWords = (field: string): string => field.replace(/^properties\./, '').replaceAll('_', ' ')

/** `is at least 3`, `is one of DE, AT`, `is missing`; of parts of a day hours, of shares per cent: `is more than 12 hours` */
export function comparisonWords(
  op: string,
  values: readonly (string | number | boolean)[],
  unit: string | null = null,
): string {
  const said = values.map((one) => thresholdWords(one, unit))
  const list = said.join(', ')
  switch (op) {
    case '=':
      return `is ${list}`
    case '!=':
      return `is not ${list}`
    case '>':
      return `is more than ${list}`
    case '>=':
      return `is at least ${list}`
    case '<':
      return `is less than ${list}`
    case '<=':
      return `is at most ${list}`
    case 'in':
      return `is one of ${list}`
    case 'between':
      return `is from ${said[0]} to ${said[1]}`
    case 'known':
      return 'is known'
    default:
      return 'is missing'
  }
}

const thresholdWords = (value: string | number | boolean, unit: string | null): string =>
  typeof value === 'number' && (unit === 'share' || (unit === 'days' && value > 0 && value < 1))
    ? saidWithUnit(value, unit)
    : String(value)

/** In the largest unit of which it is a whole number: `7 days` for 168 hours; one day stays 24 hours. */
function durationWords({ count, unit }: Duration): string {
  if (unit === 'minute' && count % 60 === 0) return durationWords({ count: count / 60, unit: 'hour' })
  if (unit === 'hour' && count % 24 === 0 && count > 24) return durationWords({ count: count / 24, unit: 'day' })
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function windowWords(window: FeatureWindow | undefined): string {
  if (window === undefined) return ''
  if ('session' in window) return ' in this session'
  if ('last' in window) {
    const span = durationWords(window.last).replace(/^1 /, '')
    return window.skip ? ` in the ${span} before the last ${durationWords(window.skip)}` : ` in the last ${span}`
  }
  const { calendar, ago } = window
  if (calendar === 'day' && ago < 2) return ago === 0 ? ' today' : ' yesterday'
  return ago === 0
    ? ` this ${calendar}`
    : ago === 1
      ? ` last ${calendar}`
      : ` in the ${calendar} ${ago} ${calendar}s ago`
}
