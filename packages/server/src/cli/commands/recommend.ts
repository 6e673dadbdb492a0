import { RapportError } from '../../base/index.ts'
import { lastMoment } from '../../insights/index.ts'
import {
  boughtTogether,
  customerRecommendations,
  type RecommendedProduct,
  type RelatedProduct,
  recommend,
  similarProducts,
} from '../../recommendations/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withStore } from '../with-store.ts'

export const recommendCommand: Command = {
  name: 'recommend',
  summary: 'Fits and compares recommenders; products for a customer, similar products, bought together',
  words: 'fit | customer ID | similar PRODUCT | together PRODUCT',
  options: { seed: { type: 'string', value: 'N', description: 'the same seed gives the same model', default: '1' } },
  run: ({ store, given, work }) =>
    withStore(store, async (warehouse) => {
      const [action = 'fit', id] = given.words
      if (action === 'fit') {
        const result = await recommend(
          warehouse,
          { asOf: await lastMoment(warehouse), seed: given.whole('seed', 0)! },
          work,
        )
        if (!result.found) return { document: result, text: `nothing is recommended: ${result.because}` }
        const quality = textTable(result.newProducts, [
          { title: 'for new products', value: ({ name }) => name },
          {
            title: `NDCG@${result.k}`,
            value: ({ ndcg, ndcgMargin }) => `${ndcg.toFixed(4)} ± ${ndcgMargin.toFixed(4)}`,
            align: 'right',
          },
          { title: 'recall', value: ({ recall }) => recall.toFixed(4), align: 'right' },
          { title: 'coverage', value: ({ coverage }) => coverage.toFixed(3), align: 'right' },
        ])
        return { document: result, text: `${quality}\n${result.chosen}: ${result.chosenBecause}` }
      }
      if (id === undefined)
        throw new RapportError('cli.words', `recommend ${action} must be followed by an id, got none`)
      const read = { customer: customerRecommendations, similar: similarProducts, together: boughtTogether }[action]
      if (!read)
        throw new RapportError(
          'cli.words',
          `recommend must be followed by fit, customer, similar or together, got ${action}`,
        )
      const products: readonly (RecommendedProduct | RelatedProduct)[] = await read(warehouse, id)
      return {
        document: products,
        text:
          products.length === 0
            ? `there is nothing for ${id}`
            : textTable(products, [
                { title: 'product', value: ({ productId }) => productId },
                { title: 'name', value: ({ name }) => name },
                { title: 'score', value: ({ score }) => score.toFixed(4), align: 'right' },
              ]),
      }
    }),
}
