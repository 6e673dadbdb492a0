import { RapportError } from '../../base/index.ts'

export type Delimiter = ',' | ';' | '\t' | '|' | 'blanks'

/** How a delimited file is written. */
export interface CsvShape {
  readonly delimiter: Delimiter
  /** The first record. */
  readonly first: readonly string[]
}

const delimiters = [',', ';', '\t', '|'] as const

/**
 * Tells the delimiter from the beginning of a file: the one by which most of its records have the same number of fields,
 * of those the one with most fields. Columns set apart by blanks count when nothing else does.
 *
 * @param head the beginning of the file, decoded; its last record may be cut short
 * @throws RapportError `ingestion.line` when the first record does not end within it
 */
export function sniffCsv(path: string, head: string, isWhole: boolean): CsvShape {
  const text = head.replace(/^\ufeff/, '')
  let best: { delimiter: Delimiter; first: readonly string[]; merit: number } | undefined
  for (const delimiter of delimiters) {
    const records = splitRecords(text, delimiter, 200, isWhole)
    const first = records[0]
    if (!first) continue
    const share = records.filter((record) => record.length === first.length).length / records.length
    const merit = first.length > 1 ? share * (1 + Math.log(first.length)) : 0
    if (!best || merit > best.merit) best = { delimiter, first, merit }
  }
  if (!best) {
    throw new RapportError('ingestion.line', `${path} must have lines of less than ${head.length} characters`)
  }
  if (best.merit > 0.6) return best
  const lines = text.split(/\r?\n/).slice(0, isWhole ? 200 : -1)
  const split = lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/[ \t]+/))
  const first = split[0] ?? []
  const isEven = first.length > 1 && split.every((record) => record.length === first.length)
  return isEven ? { delimiter: 'blanks', first } : best
}

/** The first records of delimited text, as RFC 4180 has it; the last one only when `isWhole`. */
export function splitRecords(text: string, delimiter: string, recordsMax: number, isWhole: boolean): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let isQuoted = false
  for (let at = 0; at < text.length && records.length < recordsMax; at += 1) {
    const sign = text[at]!
    if (isQuoted) {
      if (sign !== '"') field += sign
      else if (text[at + 1] === '"') {
        field += '"'
        at += 1
      } else isQuoted = false
    } else if (sign === '"' && field === '') isQuoted = true
    else if (sign === delimiter) {
      record.push(field)
      field = ''
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at += 1
      if (record.length > 0 || field !== '') records.push([...record, field])
      record = []
      field = ''
    } else field += sign
  }
  if (isWhole && records.length < recordsMax && (record.length > 0 || field !== '')) records.push([...record, field])
  return records
}
