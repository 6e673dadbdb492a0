import { RapportError } from '../../base/index.ts'
import { csvRecords, idHeads } from '../teaching/label-list.ts'

/**
 * Ids of customers from a CSV file with a head and a column `customer_id`, each once, in the order of the file; other
 * columns are passed over.
 *
 * @param shown what the file is called, for messages
 * @throws RapportError `segments.list` with the row where it goes wrong
 */
export function readListFile(text: string, shown: string): readonly string[] {
  const [head, ...rows] = csvRecords(text.replace(/^\uFEFF/, ''), shown)
  const heads = (head ?? []).map((one) => one.trim().toLowerCase().replaceAll(/ +/g, '_'))
  const column = idHeads.map((name) => heads.indexOf(name)).find((place) => place >= 0)
  if (column === undefined) throw wrong(`${shown} must have the column customer_id, got ${heads.join(', ') || 'none'}`)
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
