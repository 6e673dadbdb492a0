import type { Work } from '../../base/index.ts'
import type { Columns, Warehouse } from '../../warehouse/index.ts'
import type { Fact, FactKind, ScoreFact, TraitFact } from '../defined/fact.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { factsOf, orderedFacts, orderedRecords, scoresOf, traitsOf } from './fact-rows.ts'
import { type FactSql, factSql } from './fact-sql.ts'
import { fieldSql } from './field-sql.ts'
import type { Needs } from './needs.ts'
import { scoreSql } from './record-sql.ts'

/** What a plan reads: facts by moment and key, traits and scores by customer as they became known. */
export interface KnownFacts {
  readonly facts: readonly Fact[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
}

/** As many facts are made at once: making them of the rows of a block holds the main thread. */
const factsAtOnce = 2000

let staged = 0

/** Of whom facts are read: of some customers, products or categories, or of those of whom the log has something new. */
export type WantedFacts =
  | { readonly kind: 'customer' | 'product' | 'category'; readonly ids: readonly string[] }
  /** Of events after a position of the log and the lines of orders in them; traits of whom they identify, all scores. */
  | { readonly kind: 'since'; readonly position: number }

/** All facts, traits and scores of these that the store has, whenever they became known. */
export async function readFacts(
  warehouse: Warehouse,
  needs: Needs,
  store: StoreBasis,
  wanted: WantedFacts,
  work?: Work,
): Promise<KnownFacts> {
  if (wanted.kind === 'since')
    return readRelations(warehouse, needs, relationsOf(needs, store, since(wanted.position)), work)
  staged += 1
  const table = `wanted_${wanted.kind}_${staged}`
  await warehouse.stage(table, { id: wanted.ids }, work)
  try {
    return await readRelations(warehouse, needs, relationsOf(needs, store, among(wanted.kind, table, store)), work)
  } finally {
    await warehouse.run(`drop table ${table}`)
  }
}

async function readRelations(
  warehouse: Warehouse,
  needs: Needs,
  { facts, records, scores }: Relations,
  work?: Work,
): Promise<KnownFacts> {
  const read = async (sql: string | null): Promise<Columns | null> =>
    sql === null ? null : await warehouse.columns(sql, undefined, work)
  return known(needs, await read(facts), await read(records), await read(scores))
}

/** Everything, facts block after block in the order of moments and keys; to be gone through to its end. */
export interface AllFacts {
  readonly facts: AsyncGenerator<readonly Fact[]>
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
}

/** The same of some customers, products or categories: one of them may have a million. */
export async function readFactsInBlocks(
  warehouse: Warehouse,
  needs: Needs,
  store: StoreBasis,
  { kind, ids }: Exclude<WantedFacts, { readonly kind: 'since' }>,
  work?: Work,
): Promise<AllFacts> {
  staged += 1
  const table = `wanted_${kind}_${staged}`
  await warehouse.stage(table, { id: ids }, work)
  try {
    return await inBlocks(warehouse, needs, relationsOf(needs, store, among(kind, table, store)), work)
  } finally {
    await warehouse.run(`drop table ${table}`)
  }
}

/** What is read lies in a table of its own until it was gone through. */
async function inBlocks(
  warehouse: Warehouse,
  needs: Needs,
  { facts, records, scores }: Relations,
  work?: Work,
): Promise<AllFacts> {
  const { traits, scores: said } = await readRelations(warehouse, needs, { facts: null, records, scores }, work)
  staged += 1
  const table = `all_facts_${staged}`
  if (facts !== null) await warehouse.run(`create temp table ${table} as ${facts}`, undefined, work)
  return { traits, scores: said, facts: facts === null ? nothing() : blocksOf(warehouse, needs, table, work) }
}

async function* nothing(): AsyncGenerator<readonly Fact[]> {}

async function* blocksOf(
  warehouse: Warehouse,
  needs: Needs,
  table: string,
  work?: Work,
): AsyncGenerator<readonly Fact[]> {
  try {
    for (let from = 0; ; from += factsAtOnce) {
      // Rows lie in the order in which they were written.
      const block = `select * from ${table} where rowid >= ${from} and rowid < ${from + factsAtOnce} order by rowid`
      const columns = await warehouse.columns(block, undefined, work)
      yield factsOf(columns, needs)
      if (columns.rows < factsAtOnce) return
    }
  } finally {
    await warehouse.run(`drop table ${table}`)
  }
}

interface Relations {
  readonly facts: string | null
  readonly records: string | null
  readonly scores: string | null
}

/** Conditions on what is read: of facts over `fact`, of records and scores over `customer_id`. */
interface Which {
  readonly facts: (kind: FactKind) => Pick<FactSql, 'where' | 'among'>
  readonly records: string
  readonly scores: string
}

function among(kind: 'customer' | 'product' | 'category', table: string, store: StoreBasis): Which {
  const ids = `(select id from ${table})`
  if (kind === 'customer') {
    const theirs = `customer_id in ${ids}`
    return { facts: () => ({ among: `fact.${theirs}` }), records: theirs, scores: theirs }
  }
  // Products and categories have neither.
  const others = { records: 'false', scores: 'false' }
  if (kind === 'product') return { facts: () => ({ among: `fact.product_id in ${ids}` }), ...others }
  return { facts: (of) => ({ where: `${fieldSql(of, 'category', store, dialect)} in ${ids}` }), ...others }
}

function since(position: number): Which {
  const later = `from profiled_events as later where later.position > ${position}`
  return {
    // A line has no place of its own: it was received with the event that told of it.
    facts: (kind) => ({
      among:
        kind === 'event'
          ? `fact.position > ${position}`
          : `(fact.received_at, fact.occurred_at) in (select (received_at, occurred_at) ${later} and later.call = 'track')`,
    }),
    records: `customer_id in (select customer_id ${later} and later.call = 'identify')`,
    scores: 'customer_id is not null',
  }
}

/** In order, and in types that can be read; null where nothing is needed. */
function relationsOf(needs: Needs, store: StoreBasis, which: Which): Relations {
  const kinds: readonly FactKind[] = ['event', 'line']
  const facts = kinds.flatMap((kind) => {
    const its = needs[kind]
    if (its === null) return []
    return { kind, fields: its.fields, sql: factSql({ kind, needs: its, store, dialect, ...which.facts(kind) }) }
  })
  return {
    facts: facts.length > 0 ? orderedFacts(facts, dialect) : null,
    records: needs.traits.length > 0 ? orderedRecords(needs.traits, which.records, dialect) : null,
    scores:
      needs.scores.length > 0
        ? `select * from (${scoreSql(needs.scores, dialect)}) where ${which.scores} order by customer_id, as_of, score`
        : null,
  }
}

const known = (needs: Needs, facts: Columns | null, records: Columns | null, scores: Columns | null): KnownFacts => ({
  facts: facts === null ? [] : factsOf(facts, needs),
  traits: records === null ? [] : traitsOf(records, needs.traits),
  scores: scores === null ? [] : scoresOf(scores),
})
