import {
  type CustomerPage,
  type CustomerSearch,
  type FoundCustomer,
  formatFor,
  type Html,
  html,
  name,
} from '../../insights/index.ts'
import { nothing, type Page } from './layout.ts'
import type { Moments } from './moments.ts'
import { cardTable, nextLink, ordersAndSpent } from './paged-table.ts'
import { type Connection, howToSend } from './snippet.ts'

/** Everybody, or whom a search finds. */
export function customersPage(
  { customers, currency, next }: CustomerPage,
  { search, after }: CustomerSearch,
  connection: Connection,
  moments: Moments,
): Page {
  const format = formatFor(currency ?? '', moments.timezone)
  return {
    title: 'Customers',
    place: 'customers',
    main: html`<section aria-label="Customers">
<form class="search" method="get" action="/customers" role="search">
<label for="search">Search by name, email or id</label>
<div><input id="search" name="search" type="search" value="${search}" maxlength="200" autocomplete="off" spellcheck="false"><button type="submit">Search</button>${search !== '' && html`<a href="/customers">Show everybody</a>`}</div>
</form>
${
  customers.length === 0
    ? nobody(search, after, connection)
    : html`${cardTable<FoundCustomer>(
        search === '' ? 'Customers by id' : 'Customers found, by id',
        [
          { head: 'Customer', cell: (one) => customerLink(one) },
          ...ordersAndSpent(format, currency),
          {
            head: 'Last seen',
            cell: ({ lastSeenAt }) =>
              lastSeenAt === null ? html`<span class="unknown">never</span>` : moments.moment(lastSeenAt),
          },
          {
            head: 'Segment',
            cell: ({ segment }) =>
              segment === null
                ? html`<span class="unknown">none</span>`
                : html`<a href="/segments/${encodeURIComponent(segment.id)}">${name(segment.name)}</a>`,
          },
        ],
        customers,
      )}
${nextLink('/customers', { search, after: next })}`
}
</section>`,
  }
}

/** A customer by what a person calls them, with the rest below. */
export const customerLink = ({
  customerId,
  name: called,
  email,
}: Pick<FoundCustomer, 'customerId' | 'name' | 'email'>): Html => {
  const [title, ...rest] = [called, email, customerId].filter((text): text is string => text !== null)
  return html`<a class="who" href="/customers/${encodeURIComponent(customerId)}">${name(title!)}</a>${rest.map((text) => html`<span class="beside">${name(text)}</span>`)}`
}

const nobody = (search: string, after: string, connection: Connection): Html =>
  search !== ''
    ? nothing(
        'Nobody is found.',
        html`<p>Search takes a part of a name, an address or an id. <a href="/customers">Show everybody</a></p>`,
      )
    : after !== ''
      ? nothing('There is nobody further on.', html`<p><a href="/customers">Back to the first</a></p>`)
      : nothing(
          'No customer is known yet.',
          html`<p>A customer is known from the first event, order or import that names them.</p>${howToSend(connection)}<p>Or bring your history: <code>npx rapport import orders shop.csv</code></p>`,
        )
