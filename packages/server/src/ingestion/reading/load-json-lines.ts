import type { Work } from '../../base/index.ts'
import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'

const { text } = duckdbDialect

/**
 * Reads a file of one JSON object a line into the table `lines_<index>` (row_number, line); lines that are none go to
 * `damaged`. Objects inside are taken apart once: `properties.price` is a column.
 *
 * @returns the columns in the order in which they appear
 */
export async function loadJsonLines(
  reader: FileReader,
  file: { path: string; isGzip: boolean; index: number },
  work?: Work,
): Promise<readonly string[]> {
  const { index } = file
  await reader.run(
    `create table lines_${index} as
    select row_number, line, line is not null and json_valid(line) and json_type(line) = 'OBJECT' as is_sound
    from (
      select row_number() over () as row_number, line
      from read_csv(${text(file.path)}, auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '',
        columns = {'line': 'varchar'}, strict_mode = false, compression = '${file.isGzip ? 'gzip' : 'none'}',
        max_line_size = 16000000, ignore_errors = false)
    )`,
    undefined,
    work,
  )
  await reader.run(
    `insert into damaged_lines
    select ${index}, row_number, 'ingestion.json', 'a line must be one JSON object', left(line, 65536)
    from lines_${index} where not is_sound and line is not null`,
  )
  const names = await reader.rows<{ name: string }>(
    `with tops as (
      select unnest(json_keys(line)) as name, line, row_number from lines_${index} where is_sound
    ),
    paths as (
      select name, row_number, null as inner_name from tops
      where json_type(line, '$."' || replace(name, '"', '\\"') || '"') is distinct from 'OBJECT'
      union all
      select name, row_number, unnest(json_keys(line, '$."' || replace(name, '"', '\\"') || '"')) from tops
      where json_type(line, '$."' || replace(name, '"', '\\"') || '"') = 'OBJECT'
    )
    select case when inner_name is null then name else name || '.' || inner_name end as name
    from paths group by 1 order by min(row_number), min(name), 1`,
  )
  return names.map(({ name }) => name)
}

/**
 * The view `rows_<index>` of the given columns; a column that the file lacks is empty.
 *
 * @returns columns of which every value is a number of JSON: those have a point, whatever they look like
 */
export async function viewJsonLines(
  reader: FileReader,
  index: number,
  names: readonly string[],
): Promise<readonly string[]> {
  const isNumber = names.map((name, column) => `${areNumbers(name)} as c${column}`)
  const [numbers] = await reader.rows<Record<string, boolean | null>>(
    `select ${isNumber.join(', ')} from lines_${index} where is_sound`,
  )
  const columns = names.map((name, column) => `${valueAt(name)} as c${column}`)
  await reader.run(
    `create table source_${index} as select row_number, ${columns.join(', ')} from lines_${index} where is_sound;
    drop table lines_${index};
    create view rows_${index} as select * from source_${index}`,
  )
  return names.filter((_, column) => numbers?.[`c${column}`] === true)
}

const valueAt = (name: string): string =>
  `coalesce(${pathsOf(name)
    .map((path) => `json_extract_string(line, ${path})`)
    .join(', ')})`

/** SQL that is true when no value is anything but a number. */
function areNumbers(name: string): string {
  const types = pathsOf(name).map((path) => `nullif(json_type(line, ${path}), 'NULL')`)
  return `bool_and(coalesce(${types.join(', ')}) in ('UBIGINT', 'BIGINT', 'DOUBLE'))`
}

/** A name with a point is a key inside an object, or a key with a point. */
function pathsOf(name: string): readonly string[] {
  const quoted = (key: string): string => `."${key.replaceAll('"', '\\"')}"`
  const plain = text(`$${quoted(name)}`)
  const point = name.indexOf('.')
  if (point < 0) return [plain]
  return [text(`$${quoted(name.slice(0, point))}${quoted(name.slice(point + 1))}`), plain]
}
