import type { FactKind } from '../defined/fact.ts'
import { knownRelation } from './known-sql.ts'

/** An aggregate of the facts of one class. */
export interface ClassAggregate {
  readonly aggregate: string
  /** Tests that hold of those that count. */
  readonly where: readonly string[]
  readonly ofClass: number
  /** What it is called where it is read. */
  readonly name: string
}

/** An aggregate of the facts for which all tests hold. */
export const filtered = (aggregate: string, where: readonly string[]): string =>
  where.length === 0 ? aggregate : `${aggregate} filter (where ${where.join(' and ')})`

/**
 * Aggregates of facts that are told apart by their names. Facts are grouped by class first, where the same aggregate of
 * several classes is one column; a row for each group is put together after that. So a fact meets the aggregates of its
 * own class only: fifty features of a training set take two thirds of the time.
 */
export class ClassAggregates {
  readonly #columns = new Map<
    string,
    { column: string; aggregate: string; where: readonly string[]; classes: Set<number> }
  >()
  readonly #picked: { name: string; column: string; ofClass: number }[] = []

  get isEmpty(): boolean {
    return this.#picked.length === 0
  }

  add({ aggregate, where, ofClass, name }: ClassAggregate): void {
    const form = filtered(aggregate, where)
    const held = this.#columns.get(form) ?? {
      column: `by_class_${this.#columns.size}`,
      aggregate,
      where,
      classes: new Set(),
    }
    held.classes.add(ofClass)
    this.#columns.set(form, held)
    this.#picked.push({ name, column: held.column, ofClass })
  }

  /** The relation `…_classes`, a row for each group and class, and `…_values`, a row for each group. */
  sql(kind: FactKind, group: readonly string[]): readonly string[] {
    const known = knownRelation(kind)
    const keys = group.join(', ')
    if (this.isEmpty) return [`${kind}_values as (select distinct ${keys} from ${known})`]
    const all = new Set(this.#picked.map(({ ofClass }) => ofClass))
    const columns = [...this.#columns.values()].map(({ column, aggregate, where, classes }) => {
      const ofThem = classes.size === all.size ? [] : [`class in (${[...classes].join(', ')})`]
      return `${filtered(aggregate, [...ofThem, ...where])} as ${column}`
    })
    const picked = this.#picked.map(
      ({ name, column, ofClass }) => `any_value(${column}) filter (where class = ${ofClass}) as ${name}`,
    )
    return [
      `${kind}_classes as (
    select ${[keys, 'class', ...columns].join(',\n      ')}
    from ${known} group by ${keys}, class)`,
      `${kind}_values as (
    select ${[keys, ...picked].join(',\n      ')}
    from ${kind}_classes group by ${keys})`,
    ]
  }
}
