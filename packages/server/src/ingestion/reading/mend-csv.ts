import { isUtf8 } from 'node:buffer'

/** Why a stretch of a delimited file is no record. */
export type Damage = 'too-few-fields' | 'too-many-fields' | 'quotes' | 'bytes' | 'too-long'

export type Piece =
  | { readonly isRecord: true; readonly text: string }
  | { readonly isRecord: false; readonly text: string; readonly damage: Damage; readonly fields: number }

/** A record longer than this is damaged; DuckDB reads none that is longer. */
const recordCharsMax = 1_900_000
/** Lines that one quoted field may hold. */
const quotedLinesMax = 1000

/**
 * Takes a delimited text apart into records and damaged lines, so that one bad quote costs one line and not all lines up to
 * the next quote.
 *
 * A quoted field may go on over lines. When it does not close, closes wrongly, or swallows a line that is a whole record
 * by itself, the quote was damage, and the lines after it are read for themselves. Text goes in and comes out as
 * bytes in Latin-1 strings, so nothing is decoded that is only copied.
 */
export class CsvMender {
  readonly #delimiter: string
  readonly #columns: number
  #rest = ''

  constructor(delimiter: string, columns: number) {
    this.#delimiter = delimiter
    this.#columns = columns
  }

  /** @returns the records and damaged lines that are complete now; blank lines are neither */
  add(text: string): Piece[] {
    const pieces: Piece[] = []
    this.#rest = this.#take(this.#rest + text, pieces, false)
    return pieces
  }

  finish(): Piece[] {
    const pieces: Piece[] = []
    this.#take(this.#rest, pieces, true)
    this.#rest = ''
    return pieces
  }

  #take(text: string, pieces: Piece[], isLast: boolean): string {
    let at = 0
    while (at < text.length) {
      const end = text.indexOf('\n', at)
      if (end < 0 && !isLast) {
        // What is left of an endless line is let go bit by bit, so that it never fills the memory.
        return text.length - at > 8 * recordCharsMax ? text.slice(at, at + recordCharsMax + 1) : text.slice(at)
      }
      const next = end < 0 ? text.length : end + 1
      const line = withoutReturn(text.slice(at, end < 0 ? text.length : end))
      if (line === '') {
        at = next
        continue
      }
      const piece = this.#judge(line)
      if (piece !== 'open') {
        pieces.push(piece)
        at = next
        continue
      }
      const closed = this.#close(text, at, next, isLast)
      if (closed === 'more' && !isLast) return text.slice(at)
      if (typeof closed === 'object') {
        pieces.push({ isRecord: true, text: closed.text })
        at = closed.next
      } else {
        pieces.push({ isRecord: false, text: line, damage: 'quotes', fields: 0 })
        at = next
      }
    }
    return ''
  }

  /** One line by itself: a record, damaged, or open (a quoted field goes on). */
  #judge(line: string): Piece | 'open' {
    const isRecord = true
    const damaged = (damage: Damage, fields = 0): Piece => ({ isRecord: false, text: line, damage, fields })
    if (line.length > recordCharsMax) return damaged('too-long')
    if (line.includes('\0') || (hasHighBytes(line) && !isUtf8(Buffer.from(line, 'latin1')))) return damaged('bytes')
    const fields = line.includes('"') ? countQuotedFields(line, this.#delimiter) : countFields(line, this.#delimiter)
    if (fields === 'open') return 'open'
    if (fields === 'broken') return damaged('quotes')
    if (fields < this.#columns) return damaged('too-few-fields', fields)
    return fields > this.#columns ? damaged('too-many-fields', fields) : { isRecord, text: line }
  }

  /** Follows an open quote over the next lines. */
  #close(text: string, at: number, second: number, isLast: boolean): { text: string; next: number } | 'more' | 'never' {
    let from = second
    for (let lines = 0; lines < quotedLinesMax && from - at < recordCharsMax; lines += 1) {
      const end = text.indexOf('\n', from)
      const isEnd = end < 0
      if (isEnd && (!isLast || from >= text.length)) return 'more'
      const line = withoutReturn(text.slice(from, isEnd ? text.length : end))
      if (this.#columns > 2) {
        const alone = this.#judge(line)
        if (alone !== 'open' && alone.isRecord) return 'never'
      }
      const whole = withoutReturn(text.slice(at, isEnd ? text.length : end))
      const judged = this.#judge(whole)
      if (judged !== 'open') return judged.isRecord ? { text: whole, next: isEnd ? text.length : end + 1 } : 'never'
      if (isEnd) return 'more'
      from = end + 1
    }
    return 'never'
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

const hasHighBytes = (line: string): boolean => /[\x80-\xff]/.test(line)

function countFields(line: string, delimiter: string): number {
  let fields = 1
  for (let at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, at + 1)) fields += 1
  return fields
}

/** Fields of a line with quotes; open when a quoted field goes on, broken when text follows a closing quote. */
function countQuotedFields(line: string, delimiter: string): number | 'open' | 'broken' {
  let fields = 0
  for (let at = 0; ; ) {
    fields += 1
    if (line[at] === '"') {
      let close = line.indexOf('"', at + 1)
      while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2)
      if (close < 0) return 'open'
      at = close + 1
      if (at === line.length) return fields
      if (line[at] !== delimiter) return 'broken'
    } else {
      const end = line.indexOf(delimiter, at)
      const field = line.slice(at, end < 0 ? line.length : end)
      if (field.includes('"')) return 'broken'
      if (end < 0) return fields
      at = end
    }
    at += 1
    if (at === line.length) return fields + 1
  }
}
