import { ErasureList } from '../consent/index.ts'
import { duckdbDialect, type FileReader } from '../warehouse/index.ts'
import type { RecordPlan } from './kinds/record-plan.ts'

const { text } = duckdbDialect

/** Columns of parsed records that name somebody, with the key of an identity that each is. */
const naming: Readonly<Record<string, (column: string) => string>> = {
  customer_id: (column) =>
    `case when starts_with(${column}, 'anonymous:') then ${column} else 'user:' || ${column} end`,
  email: (column) => `'email:' || lower(trim(${column}))`,
  phone: (column) => `'phone:' || regexp_replace(${column}, '[^0-9+]', '', 'g')`,
}

/**
 * Makes the reader's table `erased` (file_index, row_number, is_sound): records of people who were erased, of what happened
 * before. What has no moment of its own (traits) cannot be told from what was known before, and is refused.
 *
 * @param store the store's folder
 * @returns how many of them are sound, and not left out anyway
 */
export async function findErased(reader: FileReader, plan: RecordPlan, store: string): Promise<number> {
  await reader.run('create table erased (file_index integer, row_number bigint, is_sound boolean)')
  const columns = Object.keys(naming).filter((name) => plan.parsed.has(name))
  const list = new ErasureList(store)
  if (list.all.length === 0 || columns.length === 0) return 0
  await stageList(reader, list)
  const isThen = plan.parsed.has('occurred_at')
    ? 'and (parsed.occurred_at is null or epoch_us(parsed.occurred_at) <= refused.at_micros)'
    : ''
  for (const column of columns) {
    // Each id once: a pseudonym costs some microseconds.
    await reader.run(
      `insert into erased
      select file_index, row_number, problem is null
      from parsed
      join (
        select value, max(at_micros) as at_micros
        from (select distinct ${column} as value from parsed where ${column} is not null) as given
        join erasures on erasures.id = ${list.pseudonyms.sql(naming[column]!('given.value'))}
        group by value
      ) as refused on refused.value = parsed.${column} ${isThen}
      where (file_index, row_number) not in (select file_index, row_number from erased)`,
    )
  }
  const [count] = await reader.rows<{ n: number }>(
    `select count(*) as n from erased
    anti join known using (file_index, row_number) anti join twins using (file_index, row_number)
    where is_sound`,
  )
  return count!.n
}

async function stageList(reader: FileReader, { all }: ErasureList): Promise<void> {
  await reader.run('create table erasures (id varchar, at_micros bigint)')
  const rows = all.flatMap(({ ids, at, isSuppressed }) => {
    const until = isSuppressed ? 'null' : String(at * 1000)
    return ids.map((id) => `(${text(id)}, coalesce(${until}, 9223372036854775807))`)
  })
  for (let start = 0; start < rows.length; start += 1000) {
    await reader.run(`insert into erasures values ${rows.slice(start, start + 1000).join(', ')}`)
  }
}

/** Takes the bad ones among them out of the reader's table `bad`. @returns how many */
export async function dropErasedBad(reader: FileReader, files: readonly string[]): Promise<number> {
  const file = `case file_index ${files.map((path, index) => `when ${index} then ${text(path)}`).join(' ')} end`
  const [gone] = await reader.rows<{ Count: number }>(
    `delete from bad where (file, row_number) in (select ${file}, row_number from erased where not is_sound)`,
  )
  return gone!.Count
}
