import type { Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { instantSql } from '../mapping/date-format.ts'
import type { Moments, Resolved } from './record-plan.ts'
import type { TypedColumns } from './typed-columns.ts'

/** A shop has far fewer moments than lines: columns where each comes this often are read once a moment. */
const timesMin = 4

/**
 * Reads the moments of columns where they come often into tables `moments_<target>`: taking text apart and looking clocks up
 * costs more than finding an equal text.
 *
 * @param timezone IANA name, for values without an offset of their own
 */
export async function findMoments(
  reader: FileReader,
  columns: ReadonlyMap<string, Resolved>,
  typed: TypedColumns,
  timezone: string,
  work?: Work,
): Promise<ReadonlyMap<string, Moments>> {
  const found = new Map<string, Moments>()
  for (const [target, { column, date }] of columns) {
    if (!date) continue
    const key = typed.get(column)?.sql ?? column
    const [row] = await reader.rows<{ isOften: boolean }>(
      `select approx_count_distinct(${key}) * ${timesMin} < count(${key}) as "isOften" from source`,
      undefined,
      work,
    )
    if (!row!.isOften) continue
    const table = `moments_${target}`
    await reader.run(
      `create table ${table} as
      select v, ${instantSql('c', date, timezone)} as at
      from (select v, v::varchar as c from (select distinct ${key} as v from source where ${key} is not null))`,
      undefined,
      work,
    )
    found.set(target, { table, key })
  }
  return found
}
