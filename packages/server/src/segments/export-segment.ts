import type { Work } from '../base/index.ts'
import { type Parameters, readQueries, type Warehouse } from '../warehouse/index.ts'
import { findSegment } from './stored-segments.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Everybody in a segment, as rows of a CSV file. */
export interface ExportedSegment {
  readonly id: string
  readonly name: string
  readonly columns: readonly string[]
  /** Cells as text, safe to open in a spreadsheet; ordered by customer. */
  readonly rows: readonly (readonly string[])[]
  /** How many may be contacted. */
  readonly contactable: number
}

const contactColumns = ['customer_id', 'email', 'phone', 'first_name', 'last_name', 'country']
/** What a customer can agree to. */
export const purposes = [
  'analytics',
  'profiling',
  'personalization',
  'marketing.email',
  'marketing.social',
  'marketing.ads',
] as const
export type Purpose = (typeof purposes)[number]

/**
 * A segment's customers with contact fields and what holds for each.
 *
 * @param purpose what they are to be contacted for; `may_contact` is yes only where it is granted: by
 *   the latest word on it, else by the store’s defaults. Default `marketing.email`
 * @throws RapportError `segments.unknown` when the store has no such segment
 */
export async function exportSegment(
  warehouse: Warehouse,
  id: string,
  { purpose = 'marketing.email' }: { readonly purpose?: Purpose } = {},
  work?: Work,
): Promise<ExportedSegment> {
  const { name } = await findSegment(warehouse, id)
  const members = '(select customer_id from served_members where segment_id = $id)'
  return { id, name, ...(await exportedRows(warehouse, members, { id }, purpose, work)) }
}

/** Customers as rows of a CSV file. */
export type ExportedRows = Pick<ExportedSegment, 'columns' | 'rows' | 'contactable'>

/** @param members a relation with `customer_id`, each once */
export async function exportedRows(
  warehouse: Warehouse,
  members: string,
  parameters: Parameters,
  purpose: Purpose,
  work?: Work,
): Promise<ExportedRows> {
  const columns = await warehouse.columns(query('export_members').replaceAll('{members}', members), parameters, work)
  const contacts = contactColumns.map((column) => columns.texts(column))
  const grants = purposes.map((granted) => columns.numbers(granted))
  const asked = grants[purposes.indexOf(purpose)]!
  const yesNo = (granted: number): string => (granted === 1 ? 'yes' : 'no')
  const rows = Array.from({ length: columns.rows }, (_, row) => [
    ...contacts.map((column) => neutralized(column[row] ?? '')),
    ...grants.map((column) => yesNo(column[row]!)),
    yesNo(asked[row]!),
  ])
  return {
    columns: [...contactColumns, ...purposes, 'may_contact'],
    rows,
    contactable: asked.reduce((count, granted) => count + granted, 0),
  }
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text. */
export const neutralized = (cell: string): string => (/^[\s]*[=+\-@＝＋－＠\t\r]/.test(cell) ? `'${cell}` : cell)

/** The rows as CSV (RFC 4180), header first. */
export function csvOf({ columns, rows }: Pick<ExportedSegment, 'columns' | 'rows'>): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
