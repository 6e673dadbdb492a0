import { RapportError } from '../../base/index.ts'
import {
  computeFeatures,
  currentFeatures,
  readFeatures,
  registeredFeatures,
  storeCatalogue,
} from '../../features/index.ts'
import { lastMoment } from '../../insights/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withStore } from '../with-store.ts'
import { declareFeaturesOf } from './declare.ts'

export const features: Command = {
  name: 'features',
  summary:
    'Lists the catalogue of features, computes them as of the last record, shows those of a customer; declares own ones',
  words: 'list | compute | show ID | declare FILE',
  options: {},
  run: (here) =>
    withStore(here.store, async (warehouse) => {
      const { given, work } = here
      const [action = 'list', id] = given.words
      if (action === 'declare' && id !== undefined) return declareFeaturesOf(here, warehouse, id)
      if (action === 'compute') {
        const {
          table,
          asOf,
          rows,
          features: computed,
        } = await computeFeatures(warehouse, { asOf: await lastMoment(warehouse) }, work)
        return {
          document: { table, asOf, rows, features: computed.map(({ name }) => name) },
          text: `computed ${computed.length} features of ${rows.toLocaleString('en')} customers`,
        }
      }
      if (action === 'show' && id !== undefined) {
        await registeredFeatures(warehouse, currentFeatures)
        const { customerIds, features: columns, matrix, categories } = await readFeatures(warehouse, currentFeatures)
        const row = customerIds.indexOf(id)
        if (row < 0) throw new RapportError('cli.customer', `the customer must be in the features, got ${id}`)
        const values = columns.map((feature, column) => {
          const value = matrix.values[row * columns.length + column]!
          return {
            name: feature.name,
            value: Number.isNaN(value) ? null : (categories.get(feature.name)?.[value] ?? value),
            description: feature.label,
          }
        })
        return {
          document: { customerId: id, features: values },
          text: textTable(values, [
            { title: 'feature', value: ({ name }) => name },
            { title: 'value', value: ({ value }) => (value === null ? 'missing' : String(value)), align: 'right' },
            { title: '', value: ({ description }) => description },
          ]),
        }
      }
      if (action !== 'list')
        throw new RapportError(
          'cli.words',
          `features must be followed by list, compute, show ID or declare FILE, got ${action}`,
        )
      const catalogue = await storeCatalogue(warehouse, await lastMoment(warehouse))
      return {
        document: catalogue,
        text: textTable(catalogue, [
          { title: 'feature', value: ({ name }) => name },
          { title: 'unit', value: ({ unit }) => unit },
          { title: 'what it is', value: ({ label }) => label },
        ]),
      }
    }),
}
