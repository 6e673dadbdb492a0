import { RapportError } from '../../base/index.ts'
import { type CustomerView, viewCustomer } from '../../insights/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withStore } from '../with-store.ts'

export const customer: Command = {
  name: 'customer',
  summary: 'Everything about one customer: traits, consents, segments, scores with reasons, orders, what to show next',
  words: 'ID',
  options: {},
  run: ({ store, given }) =>
    withStore(store, async (warehouse) => {
      const id = given.words[0]
      if (id === undefined) throw new RapportError('cli.words', 'customer must be followed by an id, got none')
      const view = await viewCustomer(warehouse, id)
      return { document: view, text: describeCustomer(view) }
    }),
}

function describeCustomer(view: CustomerView): string {
  const traits = Object.entries(view.traits).filter(([, value]) => value !== null)
  return [
    `${view.customerId}${traits.length > 0 ? `: ${traits.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`).join(', ')}` : ''}`,
    `may be contacted for: ${
      view.consents
        .filter(({ isGranted }) => isGranted)
        .map(({ purpose }) => purpose)
        .join(', ') || 'nothing'
    }`,
    `segments: ${view.segments.map(({ name }) => name).join(', ') || 'none'}`,
    textTable(view.scores, [
      { title: 'score', value: ({ score }) => score },
      { title: 'value', value: ({ value }) => value.toFixed(3), align: 'right' },
      {
        title: 'between',
        value: ({ low, high }) => (low === null || high === null ? '' : `${low.toFixed(2)} and ${high.toFixed(2)}`),
      },
      { title: 'because', value: ({ reasons }) => reasons.join('; ').slice(0, 100) },
    ]),
    textTable(view.orders, [
      { title: 'order', value: ({ orderId }) => orderId },
      { title: 'day', value: ({ orderedAt }) => orderedAt.slice(0, 10) },
      { title: 'amount', value: ({ amount, currency }) => `${amount.toFixed(2)} ${currency}`, align: 'right' },
      { title: 'lines', value: ({ lines }) => String(lines), align: 'right' },
    ]),
    textTable(view.recommendations, [
      { title: 'show next', value: ({ name }) => name },
      { title: 'because of', value: ({ because }) => because ?? '' },
    ]),
  ].join('\n\n')
}
