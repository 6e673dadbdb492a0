import type { FactKind } from '../defined/fact.ts'
import type { Window } from '../defined/plan.ts'
import { filtered } from './class-aggregates.ts'
import { knownRelation } from './known-sql.ts'
import { ageColumn, type MomentSql } from './moments-sql.ts'

/** How many different texts the facts of a class have. */
export interface DistinctCount {
  readonly value: string
  readonly test: string | null
  readonly inWindow: string | null
  readonly ofClass: number
  readonly name: string
}

/** Windows that reach up to now hold one of a text's facts exactly when they hold the latest. */
export const reachesNow = (window: Window): boolean =>
  window.kind === 'lifetime' ||
  (window.kind === 'rolling' && window.skip === 0) ||
  (window.kind === 'calendar' && window.ago === 0)

/**
 * Distinct counts over windows that reach up to now: each text's latest fact is found once, for all windows, and counted in
 * those that it lies in. Sets of texts for each window take twice as long.
 */
export class DistinctCounts {
  readonly #kind: FactKind
  readonly #counts: DistinctCount[] = []

  constructor(kind: FactKind) {
    this.#kind = kind
  }

  /** @returns where the count is found */
  add(count: DistinctCount): string {
    this.#counts.push(count)
    return `${this.#relation(count)}.${count.name}`
  }

  /** What facts are counted together. */
  #relation({ value, test }: DistinctCount): string {
    return `${this.#kind}_${value}${test === null ? '' : `_${test}`}`
  }

  /** A relation for each value that is counted, a row for each group. */
  sql({ group, grains, carried }: MomentSql): { readonly name: string; readonly sql: string }[] {
    const keys = group.join(', ')
    const latest = [
      'max(occurred_at) as occurred_at',
      ...grains.map((grain) => `min(${ageColumn(grain)}) as ${ageColumn(grain)}`),
      ...carried.map((column) => `any_value(${column}) as ${column}`),
    ]
    return [...new Set(this.#counts.map((count) => this.#relation(count)))].map((name) => {
      const counts = this.#counts.filter((count) => this.#relation(count) === name)
      const { value, test } = counts[0]!
      const classes = [...new Set(counts.map(({ ofClass }) => ofClass))]
      const columns = counts.map((count) => {
        const where = [`class = ${count.ofClass}`, ...(count.inWindow === null ? [] : [count.inWindow])]
        return `${filtered('count(*)', where)} as ${count.name}`
      })
      const isCounted = [`${value} is not null`, `class in (${classes.join(', ')})`, ...(test === null ? [] : [test])]
      return {
        name,
        sql: `${name} as (
    select ${[keys, ...columns].join(',\n      ')}
    from (
      select ${[keys, 'class', value, ...latest].join(', ')}
      from ${knownRelation(this.#kind)} where ${isCounted.join(' and ')} group by ${keys}, class, ${value})
    group by ${keys})`,
      }
    })
  }
}
