import { type Column, type Content, type Format, type Html, html } from '../../insights/index.ts'

/** A table that becomes a card for each row on a narrow page: every cell carries its heading. */
export function cardTable<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const kind = (numeric: true | undefined): Content => numeric && html` class="number"`
  return html`<table class="stack"><caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(({ head, numeric }) => html`<th scope="col"${kind(numeric)}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map(({ head, cell, numeric }, at) =>
        at === 0
          ? html`<th scope="row">${cell(row)}</th>`
          : html`<td${kind(numeric)}><span class="of" aria-hidden="true">${head}</span><span class="cell">${cell(row)}</span></td>`,
      )}</tr>`,
  )}</tbody></table>`
}

/** What a customer bought and for how much. @param currency null where nothing was sold yet */
export const ordersAndSpent = (
  format: Format,
  currency: string | null,
): Column<{ readonly orders: number; readonly spent: number }>[] => [
  { head: 'Orders', numeric: true, cell: ({ orders }) => format.count(orders) },
  {
    head: 'Spent',
    numeric: true,
    cell: ({ spent, orders }) =>
      currency === null || orders === 0 ? html`<span class="unknown">nothing yet</span>` : format.money(spent),
  },
]

/** A link to the next page; nothing on the last. @param query without the fields that are empty */
export function nextLink(path: string, query: Readonly<Record<string, string | null>>, label = 'Next page'): Html {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '')
  if (query['after'] === null || query['before'] === null) return html``
  return html`<p class="pager"><a class="button" rel="next" href="${`${path}?${new URLSearchParams(given)}`}">${label}</a></p>`
}
