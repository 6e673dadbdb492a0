import { RapportError, shortened } from '../../base/index.ts'

/** Customers and what somebody says they are, as given. */
export interface LabelList {
  /** `[n]` ids as the shop uses them. */
  readonly ids: readonly string[]
  /** `[n]` */
  readonly labels: readonly string[]
}

/** A name before those that say less, wherever the columns stand: many files have an `id` of the row besides. */
const idHeads = ['customer_id', 'customerid', 'customer', 'user_id', 'userid', 'id']
const labelHeads = ['label', 'class', 'segment', 'target']

/**
 * Reads a list of labels: CSV (RFC 4180) with a head, a column `customer_id` and a column `label`; others are passed over.
 *
 * @param shown what the file is called, for messages
 * @throws RapportError `segments.labels` with the row where it goes wrong
 */
export function readLabelList(text: string, shown: string): LabelList {
  const [head, ...rows] = csvRecords(text.replace(/^\uFEFF/, ''), shown)
  const heads = (head ?? []).map((one) => one.trim().toLowerCase().replaceAll(/ +/g, '_'))
  const columnOf = (names: readonly string[]): number =>
    names.map((name) => heads.indexOf(name)).find((column) => column >= 0) ?? -1
  const [idColumn, labelColumn] = [columnOf(idHeads), columnOf(labelHeads)]
  if (idColumn < 0 || labelColumn < 0) {
    const other = otherSeparator(heads)
    throw wrong(
      `${shown} must have the columns customer_id and label${other ? `, with commas between them and not ${other}` : ''}, got ${shortened(heads.join(', ') || 'none', 100)}`,
    )
  }
  const twice = [idColumn, labelColumn].find((column) => heads.indexOf(heads[column]!, column + 1) >= 0)
  if (twice !== undefined) throw wrong(`${shown} must have one column ${heads[twice]}, got several`)
  const ids: string[] = []
  const labels: string[] = []
  rows.forEach((row, at) => {
    if (row.length === 1 && row[0]!.trim() === '') return
    const [id, label] = [row[idColumn]?.trim() ?? '', row[labelColumn]?.trim() ?? '']
    if (id === '' || label === '')
      throw wrong(`row ${at + 2} of ${shown} must have an id and a label, got ${id === '' ? 'no id' : 'no label'}`)
    if (label.length > labelMost || /\p{Cc}/u.test(label)) {
      throw wrong(
        `the label in row ${at + 2} of ${shown} must be a word of at most ${labelMost} characters on one line, got ${JSON.stringify(shortened(label, 40, '…'))}`,
      )
    }
    ids.push(id)
    labels.push(label)
  })
  return { ids, labels }
}

/** A label becomes the name of a segment. */
const labelMost = 60

/** What the fields of one head are parted by, in words, where that is no comma. */
const otherSeparator = (heads: readonly string[]): string | undefined =>
  heads.length === 1 ? otherSeparators.find(({ sign }) => heads[0]!.includes(sign))?.words : undefined

const otherSeparators = [
  { sign: ';', words: 'semicolons' },
  { sign: '\t', words: 'tabs' },
  { sign: '|', words: 'bars' },
] as const

/** Fields may be quoted, and hold commas, lines and doubled quotes then. */
export function csvRecords(text: string, shown: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let isQuoted = false
  const endField = (): void => {
    record.push(field)
    field = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!
    if (isQuoted) {
      if (character !== '"') field += character
      else if (text[at + 1] === '"') {
        field += '"'
        at += 1
      } else isQuoted = false
    } else if (character === '"' && field === '') isQuoted = true
    else if (character === ',') endField()
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at += 1
      endField()
      records.push(record)
      record = []
    } else field += character
  }
  if (isQuoted) throw wrong(`${shown} must close its quotes, got one that is open to the end`)
  if (field !== '' || record.length > 0) {
    endField()
    records.push(record)
  }
  return records
}

export const wrong = (message: string): RapportError => new RapportError('segments.labels', message)
