import { RapportError, shortened } from '../../base/index.ts'
import { csvRecords } from '../teaching/label-list.ts'

/**
 * Ids of customers from a CSV file with a head and a column `customer_id`, each once, in the order of the file; other
 * columns are passed over. No other name does: an `id` may be that of anything, and a list of those would have nobody on it.
 *
 * @param shown what the file is called, for messages
 * @throws RapportError `segments.list` with the row where it goes wrong
 */
export function readListFile(text: string, shown: string): readonly string[] {
  const [head, ...rows] = csvRecords(text.replace(/^\uFEFF/, ''), shown)
  const heads = (head ?? []).map((one) => one.trim().toLowerCase().replaceAll(/ +/g, '_'))
  const column = heads.indexOf('customer_id')
  if (column < 0)
    throw wrong(`${shown} must have the column customer_id, got ${shortened(heads.join(', ') || 'none', 100)}`)
  if (heads.indexOf('customer_id', column + 1) >= 0)
    throw wrong(`${shown} must have one column customer_id, got several`)
  const ids = new Set<string>()
  for (const [at, row] of rows.entries()) {
    if (row.length === 1 && row[0]!.trim() === '') continue
    const id = row[column]?.trim() ?? ''
    if (id === '') throw wrong(`row ${at + 2} of ${shown} must have an id, got none`)
    ids.add(id)
  }
  return [...ids]
}

const wrong = (message: string): RapportError => new RapportError('segments.list', message)
