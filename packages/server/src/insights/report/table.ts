import { type Content, type Html, html } from './html.ts'

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => Content
  /** Set to the right, in figures of one width. */
  readonly numeric?: true
  /** Holds sentences: kept wide enough to read when the table scrolls. */
  readonly wide?: true
}

export interface Table {
  readonly caption: string
  readonly markup: Html
}

/** A table that scrolls in its own box when the page is narrow; its first column heads each row. */
export function tableOf<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Table {
  const head = columns.map(({ head, numeric, wide }) => html`<th scope="col"${kind(numeric, wide)}>${head}</th>`)
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map(({ cell, numeric, wide }, at) =>
        at === 0
          ? html`<th scope="row"${kind(numeric, wide)}>${cell(row)}</th>`
          : html`<td${kind(numeric, wide)}>${cell(row)}</td>`,
      )}</tr>`,
  )
  return {
    caption,
    markup: html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`,
  }
}

const kind = (numeric: true | undefined, wide: true | undefined): Content =>
  numeric ? html` class="number"` : wide && html` class="wide"`
