import type { Columns } from '../../warehouse/index.ts'
import type { Fact, FactKind, ScoreFact, TraitFact } from '../defined/fact.ts'
import { fieldType } from '../defined/fields.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import { fieldColumn } from './fact-sql.ts'
import type { Needs } from './needs.ts'
import { recordSql, traitColumn } from './record-sql.ts'

/** The facts of one kind, as `factSql` selects them. */
export interface SelectedFacts {
  readonly kind: FactKind
  readonly fields: readonly string[]
  readonly sql: string
}

/** Facts of all kinds by moment and key. A key comes in two halves, as text. */
export function orderedFacts(selected: readonly SelectedFacts[], dialect: FeatureDialect): string {
  const all = selected.flatMap(({ kind, fields }) => fields.map((field) => ({ kind, field })))
  const parts = selected.map(({ kind, sql }) => {
    const fields = all.map((one) => {
      const type = fieldType(one.kind, one.field, '') === 'number' ? 'bigint' : 'varchar'
      const value = one.kind === kind ? fieldColumn(one.field, dialect) : `null::${type}`
      return `, ${value} as ${column(one.kind, one.field, dialect)}`
    })
    return `select '${kind}' as kind, customer_id, key, occurred_at, received_at, name, call${fields.join('')} from (${sql})`
  })
  return `select * exclude (key), ${halvesOf('key')} from (${parts.join('\nunion all\n')})
    order by occurred_at, key, kind`
}

/** Records by customer, moment and key. */
export function orderedRecords(traits: readonly string[], whose: string, dialect: FeatureDialect): string {
  const values = traits.map((trait) => traitColumn(trait, dialect)).join(', ')
  return `select * exclude (key), ${halvesOf('key')} from (${recordSql(traits, dialect)}) where ${whose}
    order by customer_id, known_at, key, ${values}`
}

/** DuckDB takes 70 µs to write a whole key as text, and none to speak of for its halves. */
const halvesOf = (key: string): string =>
  `(${key} >> 64)::ubigint::varchar as key_high, (${key} & 18446744073709551615::uhugeint)::ubigint::varchar as key_low`

const columnName = (kind: FactKind, field: string): string => `${kind} ${field}`
const column = (kind: FactKind, field: string, dialect: FeatureDialect): string =>
  dialect.identifier(columnName(kind, field))

function keysOf(columns: Columns): (row: number) => bigint {
  const [high, low] = [columns.keys('key_high'), columns.keys('key_low')]
  return (row) => (BigInt(high[row]!) << 64n) | BigInt(low[row]!)
}

/** @param columns those of `orderedFacts` */
export function factsOf(columns: Columns, needs: Needs): Fact[] {
  const [kinds, customers, names] = [columns.keys('kind'), columns.texts('customer_id'), columns.keys('name')]
  const [at, receivedAt, calls] = [
    columns.numbers('occurred_at'),
    columns.numbers('received_at'),
    columns.texts('call'),
  ]
  const keyAt = keysOf(columns)
  const read = { event: fieldsOf(columns, needs, 'event'), line: fieldsOf(columns, needs, 'line') }
  return Array.from({ length: columns.rows }, (_, row): Fact => {
    const kind = kinds[row] as FactKind
    return {
      ...{ kind, key: keyAt(row), at: at[row]!, receivedAt: receivedAt[row]!, customerId: customers[row]! },
      ...{ name: names[row]!, call: calls[row]!, fields: read[kind](row) },
    }
  })
}

function fieldsOf(columns: Columns, needs: Needs, kind: FactKind): (row: number) => Fact['fields'] {
  const readers = (needs[kind]?.fields ?? []).map((field) => {
    const name = columnName(kind, field)
    if (fieldType(kind, field, '') !== 'number') return { field, values: columns.texts(name) }
    return { field, values: Array.from(columns.numbers(name), (value) => (Number.isNaN(value) ? null : value)) }
  })
  return (row) => {
    const fields: Record<string, string | number | null> = {}
    for (const { field, values } of readers) if (values[row] !== null) fields[field] = values[row]!
    return fields
  }
}

/** @param columns those of `orderedRecords` */
export function traitsOf(columns: Columns, traits: readonly string[]): TraitFact[] {
  const [customers, knownAt] = [columns.keys('customer_id'), columns.numbers('known_at')]
  const keyAt = keysOf(columns)
  const said = traits.map((trait) => ({ trait, values: columns.texts(`trait ${trait}`) }))
  const facts = new Map<string, TraitFact>()
  for (let row = 0; row < columns.rows; row += 1) {
    const key = keyAt(row)
    for (const { trait, values } of said) {
      const value = values[row]!
      if (value === null) continue
      const fact = { customerId: customers[row]!, key, knownAt: knownAt[row]!, trait, value }
      // Of what one import says of one moment, the greatest value holds, which comes last.
      facts.set(JSON.stringify([fact.customerId, trait, fact.knownAt, String(key)]), fact)
    }
  }
  return [...facts.values()]
}

/** @param columns those of `scoreSql` */
export function scoresOf(columns: Columns): ScoreFact[] {
  const [customers, scores] = [columns.keys('customer_id'), columns.keys('score')]
  const [asOf, values] = [columns.numbers('as_of'), columns.numbers('value')]
  return Array.from({ length: columns.rows }, (_, row) => ({
    ...{ customerId: customers[row]!, score: scores[row]!, value: values[row]!, asOf: asOf[row]! },
  }))
}
