import type { DayOrder } from './date-format.ts'

/** A source column, and what a user adds to its name to say how its values read: `Date:dd/mm`, `Price:1.234,56:order`. */
export interface Source {
  readonly name: string
  readonly order?: DayOrder
  readonly decimal?: '.' | ','
  /** Whether a value is of the whole order, on any or each of its lines, or of its own line. */
  readonly level?: 'order' | 'line'
}

const hints: Readonly<Record<string, Omit<Source, 'name'>>> = {
  'dd/mm': { order: 'dmy' },
  'mm/dd': { order: 'mdy' },
  '1.234,56': { decimal: ',' },
  '1,234.56': { decimal: '.' },
  order: { level: 'order' },
  line: { level: 'line' },
}

/**
 * The column that is written, and its hints; a column may itself have the name of one with a hint.
 *
 * @param names the file's columns
 *
 * @example
 * readSource('Shipping:order', ['Shipping']) // { name: 'Shipping', level: 'order' }
 */
export function readSource(written: string, names: readonly string[]): Source {
  const mark = written.lastIndexOf(':')
  const hint = hints[written.slice(mark + 1)]
  if (names.includes(written) || mark < 1 || hint === undefined) return { name: written }
  return { ...readSource(written.slice(0, mark), names), ...hint }
}
