import type { FeatureEntity } from '@rapport/protocol'
import type { FactKind } from '../defined/fact.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf, Leaf, TraitLeaf, WeighedPattern } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { aggregateSql } from './aggregate-sql.ts'
import { ClassAggregates, filtered } from './class-aggregates.ts'
import { DistinctCounts, reachesNow } from './distinct-sql.ts'
import { millionthsOfText } from './field-sql.ts'
import { FactColumns, knownRelation, knownSql, usesSessions } from './known-sql.ts'
import type { MomentSql } from './moments-sql.ts'
import { needsOf, patternsOf } from './needs.ts'
import { latestOf, recordSql, scoreSql } from './record-sql.ts'
import { type NamedSequence, sequenceSql } from './sequence-sql.ts'
import { strongestSql } from './strongest-sql.ts'

export interface ValuesOf {
  readonly entity: FeatureEntity
  readonly leaves: readonly Leaf[]
  readonly moment: MomentSql
  readonly store: StoreBasis
  readonly dialect: FeatureDialect
}

/**
 * The relations in which the leaves of one entity are computed, a row for each group of known facts: events, lines, the
 * latest session, sequences, traits and scores. First every leaf's value is asked for, then the relations.
 */
export class ValueRelations {
  readonly #of: ValuesOf
  readonly #columns: Readonly<Record<FactKind, FactColumns>> = { event: new FactColumns(), line: new FactColumns() }
  /** What is computed of each group, by relation. */
  readonly #grouped = new Map<string, string[]>()
  readonly #classes = { event: new ClassAggregates(), line: new ClassAggregates() }
  readonly #distinct = { event: new DistinctCounts('event'), line: new DistinctCounts('line') }
  readonly #sequences: NamedSequence[] = []
  /** Relations of what is strongest, by their names, and the kinds of facts that each reads. */
  readonly #strongest = new Map<string, { readonly sql: string; readonly kinds: ReadonlySet<FactKind> }>()

  constructor(of: ValuesOf) {
    this.#of = of
  }

  /** The leaf's value over the relations, each of which has a row or none. */
  valueOf(leaf: Leaf, alias: string): string {
    const { dialect } = this.#of
    switch (leaf.kind) {
      case 'aggregate':
        return this.#aggregate(leaf, alias)
      case 'sequence':
        this.#sequences.push({ leaf, alias })
        return `coalesce(sequence_values.${alias}_count, 0)::double`
      case 'trait':
        return this.#trait(leaf, alias)
      case 'score': {
        const where = `filter (where score = ${dialect.text(leaf.score)})`
        this.#add('scores_then', `${dialect.valueAtLargest('value', 'scored_at')} ${where} as ${alias}`)
        return `scores_then.${alias}`
      }
    }
  }

  #aggregate(leaf: AggregateLeaf, alias: string): string {
    if (leaf.weighed !== undefined) return this.#strongestOf(leaf, leaf.weighed, alias)
    const { pattern, window, of } = leaf
    const { kind } = pattern
    const { moment, dialect } = this.#of
    const columns = this.#columns[kind]
    const inSession = window.kind === 'session'
    // Sessions are of events: lines lie in none.
    const inWindow = inSession ? (kind === 'event' ? null : 'false') : moment.inWindow(window)
    const ofClass = columns.classOf(pattern)
    const where = [columns.testOf(pattern), inWindow].filter((test) => test !== null)
    let made = 0
    const column = (aggregate: string): string => {
      const name = `${alias}_${made}`
      made += 1
      if (ofClass !== null && !(inSession && kind === 'event')) {
        this.#classes[kind].add({ aggregate, where, ofClass, name })
        return `${kind}_values.${name}`
      }
      const relation = inSession ? 'session_values' : `any_${kind}_values`
      const all = [...(ofClass === null ? [] : [`class = ${ofClass}`]), ...where]
      this.#add(relation, `${filtered(aggregate, all)} as ${name}`)
      return `${relation}.${name}`
    }
    const value = of === null ? null : columns.value(of.field, of.as)
    if (leaf.aggregate === 'distinct' && ofClass !== null && reachesNow(window)) {
      const test = columns.testOf(pattern)
      const count = this.#distinct[kind].add({ value: value!, test, inWindow, ofClass, name: alias })
      return `coalesce(${count}, 0)::double`
    }
    return aggregateSql({ leaf, value, moment, dialect, column })
  }

  #strongestOf({ of, halfLifeMs }: AggregateLeaf, weighed: readonly WeighedPattern[], alias: string): string {
    const name = `${alias}_strongest`
    const facts = weighed.map(({ pattern, times }) => {
      const columns = this.#columns[pattern.kind]
      const relation = knownRelation(pattern.kind)
      return { relation, isMeant: columns.isMeant(pattern), text: columns.value(of!.field, 'text'), times }
    })
    const kinds = new Set(weighed.map(({ pattern }) => pattern.kind))
    this.#strongest.set(name, { sql: strongestSql(name, facts, halfLifeMs!, this.#of), kinds })
    return `${name}.value`
  }

  #trait(leaf: TraitLeaf, alias: string): string {
    this.#add('traits_then', `${latestOf(leaf.trait, this.#of.dialect)} as ${alias}`)
    const value = `traits_then.${alias}`
    return leaf.as === 'text' ? value : `${millionthsOfText(value, this.#of.dialect)}::double / ${millionths}`
  }

  #add(relation: string, ...columns: readonly string[]): void {
    this.#grouped.set(relation, [...(this.#grouped.get(relation) ?? []), ...columns])
  }

  /** Common table expressions in the order in which they read each other, and those that hold values. */
  finish(): { readonly statements: readonly string[]; readonly joined: readonly string[] } {
    const { leaves, moment } = this.#of
    const statements: string[] = []
    const joined: string[] = []
    const add = (relation: string, ...sql: readonly string[]): void => {
      statements.push(...sql)
      joined.push(relation)
    }
    const sessions = this.#sessions()
    const sequences =
      this.#sequences.length > 0
        ? sequenceSql({
            ...{ sequences: this.#sequences, columns: this.#columns, moment },
            sessions: this.#sequences.some(({ leaf }) => leaf.window.kind === 'session') ? 'session_values' : null,
          })
        : []
    // What a fact is tested for is known by now.
    for (const kind of ['event', 'line'] as const) {
      const columns = this.#columns[kind]
      const isNeeded = needsOf({ leaves })[kind] !== null
      if (!isNeeded && !moment.isEverybody) continue
      const distinct = this.#distinct[kind].sql(moment)
      const ofAny = this.#grouped.get(`any_${kind}_values`)
      const readers = [
        !this.#classes[kind].isEmpty || moment.isEverybody,
        ...distinct,
        ofAny !== undefined,
        kind === 'event' && usesSessions(leaves),
        this.#sequences.some(({ leaf }) => patternsOf(leaf).some((pattern) => pattern.kind === kind)),
        // Each of them may read it more than once.
        ...[...this.#strongest.values()].flatMap(({ kinds }) => (kinds.has(kind) ? [true, true] : [])),
      ].filter((reads) => reads !== false)
      statements.push(knownSql({ kind, columns, isShared: readers.length > 1, ...this.#of }))
      if (!this.#classes[kind].isEmpty || moment.isEverybody)
        add(`${kind}_values`, ...this.#classes[kind].sql(kind, moment.group))
      for (const { name, sql } of distinct) add(name, sql)
      if (ofAny !== undefined) add(`any_${kind}_values`, this.#values(`any_${kind}_values`, knownRelation(kind), ofAny))
    }
    if (usesSessions(leaves)) add('session_values', ...sessions)
    if (sequences.length > 0) add('sequence_values', ...sequences)
    for (const [name, { sql }] of this.#strongest) add(name, sql)
    for (const relation of ['traits_then', 'scores_then'] as const) {
      const values = this.#grouped.get(relation)
      if (values !== undefined) add(relation, this.#values(relation, this.#known(relation), values))
    }
    return { statements, joined }
  }

  #values(relation: string, from: string, values: readonly string[]): string {
    const group = this.#of.moment.group.join(', ')
    return `${relation} as (
    select ${[group, ...values].join(',\n      ')}
    from ${from} group by ${group})`
  }

  /** What happened in each session, and of that the latest one's. */
  #sessions(): string[] {
    const group = this.#of.moment.group.join(', ')
    const values = this.#grouped.get('session_values') ?? []
    const latest = 'max((occurred_at, key)) as latest'
    return [
      `session_totals as (
    select ${[group, 'session_id', latest, ...values].join(',\n      ')}
    from ${knownRelation('event')} where session_id is not null group by ${group}, session_id)`,
      `session_values as (
    select * from (
      select *, row_number() over (partition by ${group} order by latest desc) as place from session_totals)
    where place = 1)`,
    ]
  }

  /** Records or scores that were known by the moment. */
  #known(relation: 'traits_then' | 'scores_then'): string {
    const { leaves, moment, dialect } = this.#of
    const named = <Kind extends 'trait' | 'score'>(kind: Kind) =>
      leaves.flatMap((leaf) => (leaf.kind === kind ? (leaf as Extract<Leaf, { kind: Kind }>) : []))
    const [said, at] =
      relation === 'traits_then'
        ? [recordSql([...new Set(named('trait').map(({ trait }) => trait))], dialect), 'known_at']
        : [
            `select customer_id, score, as_of as scored_at, value from (${scoreSql(
              named('score').map(({ score }) => score),
              dialect,
            )})`,
            'scored_at',
          ]
    return moment.isListed
      ? `(${said}) as said join moments on moments.customer_id = said.customer_id and said.${at} <= moments.as_of`
      : `(${said}) as said where ${at} <= ${moment.asOf}`
  }
}
