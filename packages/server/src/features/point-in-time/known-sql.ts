import type { FeatureEntity } from '@rapport/protocol'
import type { FactKind } from '../defined/fact.ts'
import type { Leaf, Pattern } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { patternSql, valueSql } from './condition-sql.ts'
import { factSql } from './fact-sql.ts'
import { ageColumn, bucketColumn, bucketOf, entityColumns, type MomentSql } from './moments-sql.ts'
import { entityFields, needsOf, patternsOf } from './needs.ts'

/** What leaves read of the facts of a kind: which names they are told apart by, what they are tested for, their values. */
export class FactColumns {
  /** A number for each name that a pattern asks for. */
  readonly classes = new Map<string, number>()
  readonly tests = new Map<string, { readonly column: string; readonly pattern: Pattern }>()
  readonly values = new Map<
    string,
    { readonly column: string; readonly field: string; readonly as: 'number' | 'text' }
  >()

  /** The class of the facts that a pattern is about; null where it is of any name. */
  classOf({ name }: Pattern): number | null {
    if (name === null) return null
    const held = this.classes.get(name) ?? this.classes.size
    this.classes.set(name, held)
    return held
  }

  /** Whether a fact of the pattern's class is one of those meant; null where all are. */
  testOf(pattern: Pattern): string | null {
    if (pattern.call === null && pattern.conditions.length === 0) return null
    const form = JSON.stringify(pattern)
    const held = this.tests.get(form) ?? { column: `is_${this.tests.size}`, pattern }
    this.tests.set(form, held)
    return held.column
  }

  /** Whether any fact is one of those meant. */
  isMeant(pattern: Pattern): string {
    const ofClass = this.classOf(pattern)
    // The test holds of the class alone.
    return this.testOf(pattern) ?? (ofClass === null ? 'true' : `coalesce(class = ${ofClass}, false)`)
  }

  value(field: string, as: 'number' | 'text'): string {
    const form = `${as} ${field}`
    const held = this.values.get(form) ?? { column: `value_${this.values.size}`, field, as }
    this.values.set(form, held)
    return held.column
  }
}

export interface KnownSql {
  readonly kind: FactKind
  readonly entity: FeatureEntity
  readonly leaves: readonly Leaf[]
  readonly columns: FactColumns
  /** Whether more than one relation reads it: the log is read once all the same. */
  readonly isShared: boolean
  readonly moment: MomentSql
  readonly store: StoreBasis
  readonly dialect: FeatureDialect
}

/** The relation of the facts of a kind that were known by the moment, for leaves of one entity. */
export const knownRelation = (kind: FactKind): string => `known_${kind}s`

/**
 * The facts of a kind known by the moment, or by each of the moments: what they are grouped by, `key`, `occurred_at` (ms),
 * `session_id` where sessions count, the class that its name makes it, tests, values, and what windows compare.
 */
export function knownSql(parts: KnownSql): string {
  const { kind, entity, leaves, columns, isShared, moment, store, dialect } = parts
  const relation = `${knownRelation(kind)} as ${isShared ? 'materialized ' : ''}`
  const needs = needsOf({ leaves })[kind] ?? { names: [], fields: [] }
  const hasSessions = kind === 'event' && needs.fields.includes('session_id') && usesSessions(leaves)
  const names = moment.isEverybody ? null : needs.names
  const fields = [...new Set([...needs.fields, ...entityFields[entity]])]
  const own = entityColumns[entity].map((column) =>
    column === 'customer_id' ? 'fact.customer_id' : `${valueSql(column, 'text', dialect)} as ${column}`,
  )
  const classes = [...columns.classes].map(([name, number]) => `when ${dialect.text(name)} then ${number}`)
  const facts = [
    ...own,
    'key',
    'occurred_at',
    ...(hasSessions ? [`${valueSql('session_id', 'text', dialect)} as session_id`] : []),
    `${classes.length > 0 ? `case name ${classes.join(' ')} end` : 'null'}::smallint as class`,
    ...[...columns.tests.values()].map(({ column, pattern }) => `${patternSql(pattern, dialect)} as ${column}`),
    ...[...columns.values.values()].map(({ column, field, as }) => `${valueSql(field, as, dialect)} as ${column}`),
  ]
  const known = 'greatest(occurred_at, received_at)'
  const where = [...beginningSql(parts), ...shareSql(parts)].join(' and ')
  const source = `(${factSql({ kind, needs: { names, fields }, store, dialect, ...(where === '' ? {} : { where }) })}) as fact`
  const isOwned = entityColumns[entity].map((column) => `${column} is not null`)
  if (!moment.isListed)
    return `${relation}(
    select * from (select ${facts.join(', ')} from ${source} where ${known} <= ${moment.asOf})
    where ${isOwned.join(' and ')})`

  const buckets = moment.grains.map((grain) => `${bucketOf('occurred_at', grain)} as ${bucketColumn(grain)}`)
  const patterns = leaves.flatMap(patternsOf).filter((pattern) => pattern.kind === kind)
  // Where each name counts as a whole, only facts that count are read.
  const isRead = patterns.every((pattern) => pattern.name !== null && columns.testOf(pattern) === null)
  const meant = [...new Set(patterns.map((pattern) => columns.isMeant(pattern)))]
  const counted = isRead || hasSessions ? '' : ` and (${meant.join(' or ')})`
  const ages = moment.grains.map(
    (grain) => `moments.${bucketColumn(grain)} - fact.${bucketColumn(grain)} as ${ageColumn(grain)}`,
  )
  const hidden = [...entityColumns[entity], 'known_at', ...moment.grains.map(bucketColumn)]
  return `${relation}(
    select moments.moment, moments.as_of, fact.* exclude (${hidden.join(', ')})${[...ages, ...moment.carried.map((column) => `moments.${column}`)].map((column) => `, ${column}`).join('')}
    from (select ${[...facts, `${known} as known_at`, ...buckets].join(', ')} from ${source}) as fact
    join moments on ${entityColumns[entity].map((column) => `moments.${column} = fact.${column}`).join(' and ')}
    where fact.known_at <= moments.as_of${counted})`
}

/** Where every leaf looks back only so far, nothing before that is read: nobody is in the result for it. */
function beginningSql({ kind, leaves, moment, dialect }: KnownSql): readonly string[] {
  if (moment.isEverybody) return []
  const windows = leaves.flatMap((leaf) =>
    'window' in leaf && patternsOf(leaf).some((pattern) => pattern.kind === kind) ? [leaf.window] : [],
  )
  const beginnings = windows.map((window) => moment.beginning(window))
  if (beginnings.length === 0 || beginnings.includes(null)) return []
  return [`fact.occurred_at >= ${dialect.instant(Math.min(...(beginnings as number[])))}`]
}

function shareSql({ entity, moment, dialect }: KnownSql): readonly string[] {
  if (moment.share === null || entity !== 'customer') return []
  return [`${dialect.shareOf(['fact.customer_id'], moment.share.of)} = ${moment.share.index}`]
}

export const usesSessions = (leaves: readonly Leaf[]): boolean =>
  leaves.some((leaf) => 'window' in leaf && leaf.window.kind === 'session')
