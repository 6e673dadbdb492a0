import { dayMs, RapportError } from '../base/index.ts'
import { sourceColumn } from './columns.ts'
import type { Aggregate, Condition, Definition, Window } from './definition.ts'
import type { FeatureDialect } from './feature-dialect.ts'
import type { StoreFacts } from './source-sql.ts'

/** One aggregate as SQL: what the source's own query computes, and how a feature reads it afterwards. */
export interface AggregateSql {
  /** `expression as column`, over the source's relation grouped by the keys. */
  readonly columns: readonly string[]
  /** The value as a double or text, from those columns; null where it is missing. */
  readonly value: string
}

/** @param edgesMs as the source's buckets were cut */
export function aggregateSql(
  aggregate: Aggregate,
  alias: string,
  edgesMs: readonly number[],
  dialect: FeatureDialect,
): AggregateSql {
  if (aggregate.source === 'events') return eventSql(aggregate, alias, edgesMs, dialect)
  const filter = filterSql(aggregate, edgesMs, dialect)
  const column = (suffix: string, expression: string): string => `${expression}${filter} as ${alias}${suffix}`
  const of = aggregate.of === undefined ? undefined : sourceColumn(aggregate.source, aggregate.of)
  const scale = of && of.scale !== 1 ? ` / ${of.scale}` : ''
  const whole = `coalesce(${alias}, 0)::bigint::double`
  switch (aggregate.aggregate) {
    case 'count':
      return { columns: [column('', 'count(*)')], value: whole }
    case 'days-since-latest':
      return { columns: [column('', 'min(age)')], value: `(${alias}::double / ${dayMs})` }
    case 'days-since-earliest':
      return { columns: [column('', 'max(first_age)')], value: `(${alias}::double / ${dayMs})` }
    case 'sum':
      return { columns: [column('', `sum(${numberOf(aggregate)})`)], value: `(${whole}${scale})` }
    case 'mean':
      return {
        columns: [column('', `sum(${numberOf(aggregate)})`), column('_known', `count(${numberOf(aggregate)})`)],
        value: `(${alias}::bigint::double${scale} / nullif(${alias}_known, 0))`,
      }
    case 'deviation':
      return deviationSql(alias, numberOf(aggregate), scale, column)
    case 'earliest-value':
      return {
        // Orders at one moment are told apart by their texts, so that every run takes the same one.
        columns: [column('', dialect.valueAtSmallest(textOf(aggregate), `(-first_age, ${textOf(aggregate)})`))],
        value: alias,
      }
  }
}

/** Whether the store has no row that the aggregate could count. */
export function isAbsent({ source, where = [] }: Aggregate, { absent }: StoreFacts): boolean {
  if (source !== 'lines') return (absent as ReadonlySet<string>).has(source)
  const isOfDiscounts = (condition: Condition): boolean =>
    condition.column.startsWith('is_discount') && 'equals' in condition && condition.equals === true
  return absent.has('discounts') && where.some(isOfDiscounts)
}

/** The value where the store has no row of the source: what it would be of a customer without any. */
export function absentValue({ aggregate }: Aggregate): string {
  switch (aggregate) {
    case 'count':
    case 'sum':
      return '0::double'
    case 'earliest-value':
      return 'null::varchar'
    case 'mean':
    case 'deviation':
    case 'days-since-latest':
    case 'days-since-earliest':
      return 'null::double'
  }
}

/**
 * Events come counted by bucket, so a window is a sum of columns.
 *
 * @throws RapportError `features.aggregate` for anything but counts and, over the whole history, days since
 */
function eventSql(
  { aggregate, source, where, window }: Aggregate,
  alias: string,
  edgesMs: readonly number[],
  dialect: FeatureDialect,
): AggregateSql {
  const filter = filterSql({ kind: 'aggregate', source, aggregate, ...(where ? { where } : {}) }, edgesMs, dialect)
  if (aggregate === 'count') {
    const [youngest, oldest] = window ? windowEdgesMs(window) : [0, Number.POSITIVE_INFINITY]
    const first = youngest > 0 ? edgesMs.indexOf(youngest) + 1 : 0
    const last = window ? edgesMs.indexOf(oldest) : edgesMs.length
    const rows = Array.from({ length: last - first + 1 }, (_, at) => `rows_${first + at}`).join(' + ')
    return { columns: [`sum(${rows})${filter} as ${alias}`], value: `coalesce(${alias}, 0)::bigint::double` }
  }
  if ((aggregate === 'days-since-latest' || aggregate === 'days-since-earliest') && !window) {
    const age = aggregate === 'days-since-latest' ? 'min(age)' : 'max(first_age)'
    return { columns: [`${age}${filter} as ${alias}`], value: `(${alias}::double / ${dayMs})` }
  }
  throw new RapportError(
    'features.aggregate',
    `events must be counted, or asked for days since over the whole history, got ${aggregate}`,
  )
}

/** From exact sums of integers, so that the order of rows never shows. */
function deviationSql(
  alias: string,
  number: string,
  scale: string,
  column: (suffix: string, expression: string) => string,
): AggregateSql {
  const n = `${alias}_known`
  const spread = `(${n} * ${alias}_squares::bigint - ${alias}::bigint * ${alias}::bigint)::double`
  return {
    columns: [
      column('', `sum(${number})`),
      column('_squares', `sum(${number} * ${number})`),
      column('_known', `count(${number})`),
    ],
    value: `case when ${n} > 1 then (sqrt(${spread} / (${n} * (${n} - 1))::double)${scale}) end`,
  }
}

function numberOf({ source, of }: Aggregate): string {
  return typed(source, of, 'integer')
}

function textOf({ source, of }: Aggregate): string {
  return typed(source, of, 'text')
}

function typed(source: Aggregate['source'], of: string | undefined, type: 'integer' | 'text'): string {
  if (of !== undefined && sourceColumn(source, of).type === type) return of
  throw new RapportError(
    'features.column',
    `the aggregate over ${source} must name a column of type ${type}, got ${of}`,
  )
}

function filterSql(
  { source, where = [], window }: Aggregate,
  edgesMs: readonly number[],
  dialect: FeatureDialect,
): string {
  const conditions = where.map((condition) => conditionSql(source, condition, dialect))
  if (window) {
    const [youngest, oldest] = windowEdgesMs(window)
    if (youngest > 0) conditions.push(`bucket > ${edgesMs.indexOf(youngest)}`)
    conditions.push(`bucket <= ${edgesMs.indexOf(oldest)}`)
  }
  return conditions.length === 0 ? '' : ` filter (${conditions.join(' and ')})`
}

function conditionSql(source: Aggregate['source'], condition: Condition, dialect: FeatureDialect): string {
  const { type } = sourceColumn(source, condition.column)
  if ('within' in condition) {
    if (type !== 'text') throw new RapportError('features.condition', `${condition.column} must hold text`)
    const { within, column } = condition
    return `(${column} = ${dialect.text(within)} or starts_with(${column}, ${dialect.text(`${within} > `)}))`
  }
  if (!('equals' in condition)) {
    if (type !== 'integer') throw new RapportError('features.condition', `${condition.column} must hold numbers`)
    return `${condition.column} >= ${condition.atLeast} and ${condition.column} < ${condition.below}`
  }
  const { equals } = condition
  const wanted = { text: 'string', integer: 'number', boolean: 'boolean' }[type]
  if (typeof equals !== wanted) {
    throw new RapportError('features.condition', `${condition.column} must be compared with a ${wanted}, got ${equals}`)
  }
  return `${condition.column} = ${typeof equals === 'string' ? dialect.text(equals) : equals}`
}

/** The ages between which a window's rows lie: at least the first, less than the second. */
export function windowEdgesMs({ days, skipDays = 0 }: Window): [youngest: number, oldest: number] {
  return [skipDays * dayMs, (skipDays + days) * dayMs]
}

/** Every aggregate inside a definition. */
export function aggregatesOf(definition: Definition): Aggregate[] {
  switch (definition.kind) {
    case 'aggregate':
      return [definition]
    case 'ratio':
      return [...aggregatesOf(definition.of), ...aggregatesOf(definition.by)]
    case 'change':
      return [...aggregatesOf(definition.now), ...aggregatesOf(definition.before)]
    case 'trait':
    case 'score':
    case 'declared':
      return []
  }
}
