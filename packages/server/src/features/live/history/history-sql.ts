import type { Instant } from '../../../base/index.ts'
import type { FactKind } from '../../defined/fact.ts'
import { fieldType } from '../../defined/fields.ts'
import { duckdbFeatureDialect as dialect } from '../../feature-dialect.ts'
import { factSql, fieldColumn } from '../../point-in-time/fact-sql.ts'
import type { Needs } from '../../point-in-time/needs.ts'
import { recordSql, scoreSql, traitColumn } from '../../point-in-time/record-sql.ts'
import type { StoreBasis } from '../../source-sql.ts'
import { type OwnerKind, partField, rowKinds } from './history-part.ts'

/** What is read of a plan, by the names that columns have in parts. */
export interface HistoryColumns {
  readonly numbers: readonly string[]
  readonly texts: readonly string[]
}

const keyParts = ['key_0', 'key_1', 'key_2', 'key_3']

export function historyColumns(needs: Needs): HistoryColumns {
  const isNumber = ({ kind, field }: Field): boolean => fieldType(kind, field, '') === 'number'
  const named = (fields: readonly Field[]): readonly string[] => fields.map(({ kind, field }) => partField(kind, field))
  const fields = fieldsOf(needs)
  return {
    numbers: ['kind', 'occurred_at', 'received_at', ...keyParts, 'score', ...named(fields.filter(isNumber))],
    texts: ['owner', 'customer_id', 'name', 'call', 'trait', ...named(fields.filter((field) => !isNumber(field)))],
  }
}

interface Field {
  readonly kind: FactKind
  readonly field: string
}

const fieldsOf = (needs: Needs): readonly Field[] =>
  (['event', 'line'] as const).flatMap((kind) => (needs[kind]?.fields ?? []).map((field) => ({ kind, field })))

const { identifier } = dialect

/** The owner of a row of the history; null where it has none of this kind. */
function ownerSql(of: OwnerKind, needs: Needs): string {
  if (of === 'customer') return 'customer_id'
  const field = of === 'product' ? 'product_id' : 'category'
  const kinds = (['event', 'line'] as const).filter((kind) => needs[kind]?.fields.includes(field))
  // A row has fields of its own kind only.
  return kinds.length === 0 ? 'null' : `coalesce(${kinds.map((kind) => identifier(partField(kind, field))).join(', ')})`
}

/** Everything that a plan reads, in no order, a row for a fact and for each trait and score that was said. */
export const historySql = (needs: Needs, store: StoreBasis): string =>
  [...factRows(needs, store), ...saidRows(needs)].join('\nunion all\n')

function row(needs: Needs, kind: keyof typeof rowKinds, own: Readonly<Record<string, string>>): string {
  const fields = fieldsOf(needs).map(({ kind: of, field }) => {
    const type = fieldType(of, field, '') === 'number' ? 'bigint' : 'varchar'
    return `${of === kind ? fieldColumn(field, dialect) : `null::${type}`} as ${identifier(partField(of, field))}`
  })
  const {
    key = 'key',
    at = 'occurred_at',
    received_at = 'received_at',
    name = 'name',
    call = 'call',
    trait,
    score,
  } = own
  return [
    `select ${rowKinds[kind]}::utinyint as kind, customer_id, ${key} as key, ${at} as occurred_at, ${received_at} as received_at`,
    `${name} as name, ${call} as call, ${trait ?? 'null::varchar'} as trait, ${score ?? 'null::double'} as score`,
    ...fields,
  ].join(', ')
}

function factRows(needs: Needs, store: StoreBasis): readonly string[] {
  return (['event', 'line'] as const).flatMap((kind) => {
    const its = needs[kind]
    if (its === null) return []
    const where = needs.nobodys ? {} : { where: 'fact.customer_id is not null' }
    return `${row(needs, kind, {})} from (${factSql({ kind, needs: its, store, dialect, ...where })})`
  })
}

function saidRows(needs: Needs): readonly string[] {
  const said: string[] = []
  const values = needs.traits.map((trait) => traitColumn(trait, dialect))
  const at = 'known_at'
  needs.traits.forEach((trait, place) => {
    // Of what one import says of one moment the last row holds, as rows are ordered by all that they say.
    const value = `last(${values[place]} order by ${values.join(', ')})`
    said.push(
      `${row(needs, 'trait', { at, received_at: at, name: 'said_name', call: 'null::varchar', trait: 'said' })}
      from (select customer_id, known_at, key, ${dialect.text(trait)} as said_name, ${value} as said
        from (${recordSql(needs.traits, dialect)})
        where customer_id is not null and ${values[place]} is not null group by customer_id, known_at, key)`,
    )
  })
  if (needs.scores.length > 0)
    said.push(
      `${row(needs, 'score', {
        ...{ key: '0::uhugeint', at: 'as_of', received_at: 'as_of', name: 'score_name', call: 'null::varchar' },
        score: 'value',
      })} from (select customer_id, score as score_name, as_of, value from (${scoreSql(needs.scores, dialect)}) where customer_id is not null)`,
    )
  return said
}

/** What is known by then; of products and categories facts only. */
const knownSql = (of: OwnerKind, clock: Instant): string =>
  of === 'customer'
    ? `(kind >= ${rowKinds.trait} or ${isKnown(clock)})`
    : `kind < ${rowKinds.trait} and ${isKnown(clock)}`

const isKnown = (clock: Instant): string => `greatest(occurred_at, received_at) <= ${clock}`

/**
 * The rows of owners of a kind, with their owner, one owner after another, each by moment and key: whoever writes them into a
 * table has them at its row ids in this order. Owners come by a hash, since texts that begin alike take four times as long
 * to sort.
 */
export const orderedSql = (table: string, of: OwnerKind, needs: Needs, clock: Instant): string =>
  `select * from (select *, ${ownerSql(of, needs)} as owner from ${table}) where owner is not null and ${knownSql(of, clock)}
  order by hash(owner), owner, occurred_at, key, kind`

/** The row id of each owner's first row, in order: `place`. */
export const firstPlacesSql = (ordered: string): string =>
  `select min(rowid)::double as place from ${ordered} group by owner order by place`

/** The rows of some places, the last one left out. */
export const rangeSql = (from: number, until: number): string => `where rowid >= ${from} and rowid < ${until}`

/** What the lengths of a column of texts are called. */
export const lengthColumn = (name: string): string => `length of ${name}`

/** Numbers of rows, and the bytes that their texts take. @param rows a table of ordered rows, maybe a range of it */
export function partNumbersSql(rows: string, { numbers, texts }: HistoryColumns): string {
  const columns = numbers.map((name) => {
    const place = keyParts.indexOf(name)
    if (place < 0) return `${identifier(name)}::double as ${identifier(name)}`
    return `((key >> ${32 * place}) & 4294967295::uhugeint)::double as ${name}`
  })
  const lengths = texts.map((name) => `strlen(${identifier(name)})::double as ${identifier(lengthColumn(name))}`)
  return `select ${[...columns, ...lengths].join(', ')} from ${rows} order by rowid`
}

/** One row: `bytes`, the texts of all rows. */
export const partTextsSql = (rows: string, { texts }: HistoryColumns): string =>
  `select encode(string_agg(concat(${texts.map(identifier).join(', ')}), '' order by rowid)) as bytes from ${rows}`

/** Facts that are known only later, in the order of moment and key, as parts have them. */
export const laterSql = (table: string, clock: Instant): string =>
  `select *, coalesce(customer_id, '') as owner from ${table}
  where kind < ${rowKinds.trait} and not ${isKnown(clock)} order by occurred_at, key, kind`

/** The keys of the facts of a kind that were received last. */
export const latestKeysSql = (table: string, kind: FactKind, atMost: number): string =>
  `select (key >> 64)::ubigint::varchar as high, (key & 18446744073709551615::uhugeint)::ubigint::varchar as low from (
    select key from ${table} where kind = ${rowKinds[kind]} order by received_at desc, occurred_at desc, key desc limit ${atMost})`
