import type { Work } from '../../base/index.ts'
import type { Columns, Warehouse } from '../../warehouse/index.ts'
import type { Fact, FactKind, ScoreFact, TraitFact } from '../defined/fact.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { factsOf, orderedFacts, orderedRecords, scoresOf, traitsOf } from './fact-rows.ts'
import { factSql } from './fact-sql.ts'
import type { Needs } from './needs.ts'
import { scoreSql } from './record-sql.ts'

/** What a plan reads of some customers, by customer: facts by moment and key, traits and scores as they became known. */
export interface KnownFacts {
  readonly facts: readonly Fact[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
}

/** How many facts are read at once: some 50 MB of them. */
const factsAtOnce = 50_000

let staged = 0

/** All facts, traits and scores of these customers that the store has, whenever they became known. */
export async function readFacts(
  warehouse: Warehouse,
  needs: Needs,
  store: StoreBasis,
  customers: readonly string[],
  work?: Work,
): Promise<KnownFacts> {
  staged += 1
  const wanted = `wanted_customers_${staged}`
  await warehouse.stage(wanted, { customer_id: customers }, work)
  try {
    const relations = relationsOf(needs, store, `customer_id in (select customer_id from ${wanted})`)
    const read = async (sql: string | null): Promise<Columns | null> =>
      sql === null ? null : await warehouse.columns(sql, undefined, work)
    return known(needs, await read(relations.facts), await read(relations.records), await read(relations.scores))
  } finally {
    await warehouse.run(`drop table ${wanted}`)
  }
}

/**
 * The same of everybody, block after block in the order of customers, what nobody is known to have done last. A customer's
 * facts may go on in the next block; their traits and scores come with the first.
 *
 * The log is read once, when the first block is asked for: what comes later is in none.
 */
export async function* readFactBlocks(
  warehouse: Warehouse,
  needs: Needs,
  store: StoreBasis,
  work?: Work,
): AsyncGenerator<KnownFacts> {
  staged += 1
  const relations = relationsOf(needs, store, null)
  const tables = Object.entries(relations).flatMap(([name, sql]) =>
    sql === null ? [] : [{ name: name as keyof Relations, table: `all_${name}_${staged}`, sql }],
  )
  const part = async (name: keyof Relations, where: string): Promise<Columns | null> => {
    const held = tables.find((one) => one.name === name)
    if (held === undefined) return null
    // Rows lie in the order in which they were written.
    return warehouse.columns(`select * from ${held.table} where ${where} order by rowid`, undefined, work)
  }
  try {
    for (const { table, sql } of tables) await warehouse.run(`create temp table ${table} as ${sql}`, undefined, work)
    let after: string | null = null
    for (let from = 0; ; from += factsAtOnce) {
      const facts: Columns | null = await part('facts', `rowid >= ${from} and rowid < ${from + factsAtOnce}`)
      const isLast = facts === null || facts.rows < factsAtOnce
      const until: string | null = isLast ? null : (facts.texts('customer_id').at(-1) ?? null)
      const range = [
        ...(after === null ? [] : [`customer_id > ${dialect.text(after)}`]),
        ...(until === null ? [] : [`customer_id <= ${dialect.text(until)}`]),
      ]
      const between = range.length > 0 ? range.join(' and ') : 'true'
      yield known(needs, facts, await part('records', between), await part('scores', between))
      if (isLast) return
      after = until ?? beyond
    }
  } finally {
    for (const { table } of tables) await warehouse.run(`drop table if exists ${table}`)
  }
}

/** Greater than every customer's id: all have been read when what nobody did begins. */
const beyond = '\u{10FFFF}'.repeat(4)

interface Relations {
  readonly facts: string | null
  readonly records: string | null
  readonly scores: string | null
}

/** In order, and in types that can be read; null where nothing is needed. */
function relationsOf(needs: Needs, store: StoreBasis, theirs: string | null): Relations {
  const somebody = 'customer_id is not null'
  const whose = theirs ?? somebody
  const where = theirs ?? (needs.nobodys ? null : somebody)
  const kinds: readonly FactKind[] = ['event', 'line']
  const facts = kinds.flatMap((kind) => {
    const its = needs[kind]
    if (its === null) return []
    return {
      kind,
      fields: its.fields,
      sql: factSql({ kind, needs: its, store, dialect, ...(where ? { where: `fact.${where}` } : {}) }),
    }
  })
  return {
    facts: facts.length > 0 ? orderedFacts(facts, dialect) : null,
    records: needs.traits.length > 0 ? orderedRecords(needs.traits, whose, dialect) : null,
    scores:
      needs.scores.length > 0
        ? `select * from (${scoreSql(needs.scores, dialect)}) where ${whose} order by customer_id, as_of, score`
        : null,
  }
}

const known = (needs: Needs, facts: Columns | null, records: Columns | null, scores: Columns | null): KnownFacts => ({
  facts: facts === null ? [] : factsOf(facts, needs),
  traits: records === null ? [] : traitsOf(records, needs.traits),
  scores: scores === null ? [] : scoresOf(scores),
})
