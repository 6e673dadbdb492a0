import { isoOf, now, RapportError, saidValue } from '../../../base/index.ts'
import {
  catalogueNames,
  currentFeatures,
  type DescribedFeature,
  describeFeature,
  describeFeatures,
  featureVersions,
  readFeatures,
  registeredFeatures,
  storeCatalogue,
  storedFeatures,
  valuesAsOf,
} from '../../../features/index.ts'
import { knownCustomers, lastMoment } from '../../../insights/index.ts'
import type { Outcome } from '../../command.ts'
import { textTable } from '../../text-table.ts'
import { valuesText } from './values-text.ts'
import type { Both } from './with-both.ts'

/** What is declared, and the catalogue that analyses compute. */
export async function listFeatures({ warehouse, state }: Both): Promise<Outcome> {
  const declared = await describeFeatures(state.queries, await catalogueNames(warehouse))
  const catalogue = await storeCatalogue(warehouse, await lastMoment(warehouse))
  const shown = textTable(catalogue, [
    { title: 'feature of the catalogue', value: ({ name }) => name },
    { title: 'unit', value: ({ unit }) => unit },
    { title: 'what it is', value: ({ label }) => label },
  ])
  return {
    document: { declared, catalogue },
    text: declared.length === 0 ? shown : `${declaredTable(declared)}\n\n${shown}`,
  }
}

const declaredTable = (declared: readonly DescribedFeature[]): string =>
  textTable(declared, [
    { title: 'declared feature', value: ({ name }) => name },
    { title: 'version', value: ({ version }) => String(version), align: 'right' },
    { title: 'of', value: ({ entity }) => entity },
    { title: 'unit', value: ({ unit }) => unit ?? '' },
    { title: 'what it is', value: ({ label }) => label },
    { title: 'used by', value: ({ usedBy }) => usedBy.join(', ') || 'nothing' },
  ])

/** A declared feature; or, as before there were any, what the catalogue says of a customer. */
export async function showFeature(both: Both, name: string): Promise<Outcome> {
  const { warehouse, state } = both
  try {
    const shown = await describeFeature(state.queries, name, await catalogueNames(warehouse))
    const { label, version, entity, unit, uses, usedBy, definition } = shown
    return {
      document: shown,
      text: [
        `${name}: ${label}, of a ${entity}${unit === null ? '' : `, in ${unit}`}`,
        `version ${version}, declared ${isoOf(shown.declaredAt)}`,
        `made of ${uses.join(', ') || 'no other feature'}; used by ${usedBy.join(', ') || 'nothing'}`,
        JSON.stringify(definition, null, 2),
      ].join('\n'),
    }
  } catch (error) {
    if (!(error instanceof RapportError) || error.code !== 'features.undeclared') throw error
    return showCatalogueOf(both, name)
  }
}

async function showCatalogueOf({ warehouse }: Both, id: string): Promise<Outcome> {
  const catalogue = await storeCatalogue(warehouse, await lastMoment(warehouse))
  const entry = catalogue.find(({ name }) => name === id)
  if (entry !== undefined)
    return { document: entry, text: `${entry.name}: ${entry.label}, a feature of the catalogue, in ${entry.unit}` }
  await registeredFeatures(warehouse, currentFeatures)
  const { customerIds, features: columns, matrix, categories } = await readFeatures(warehouse, currentFeatures)
  const row = customerIds.indexOf(id)
  if (row < 0)
    throw new RapportError(
      'cli.customer',
      `show must be followed by a feature that is declared or in the catalogue, or a customer who is in the features, got ${id}`,
    )
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
      {
        title: 'value',
        value: ({ value }) => (value === null ? 'missing' : saidValue(value, null).value),
        align: 'right',
      },
      { title: '', value: ({ description }) => description },
    ]),
  }
}

export async function featureVersionsOf({ state }: Both, name: string): Promise<Outcome> {
  const versions = await featureVersions(state.queries, name)
  return {
    document: { name, versions },
    text: versions
      .map(({ version, declaredAt, definition }) =>
        [
          `version ${version}, ${isoOf(declaredAt)}${definition === null ? ': removed' : ''}`,
          ...(definition === null ? [] : [JSON.stringify(definition, null, 2)]),
        ].join('\n'),
      )
      .join('\n\n'),
  }
}

/** Declared features of customers, now or as of a moment. */
export async function featureValues(both: Both, ids: readonly string[]): Promise<Outcome> {
  const { warehouse, state, given, work, tell } = both
  const asOf = momentOf(given.text('as-of'))
  const wanted = given.texts('feature')
  const { known, unknown } = await knownCustomers(warehouse, ids)
  if (known.length === 0)
    throw new RapportError('cli.customer', `the customers must be ones that the store knows, got ${ids.join(', ')}`)
  if (unknown.length > 0) tell(`nothing in the store names ${unknown.join(', ')}`)
  const asked = { customers: known, asOf, ...(wanted.length > 0 ? { features: wanted } : {}) }
  const customers = await valuesAsOf(warehouse, state.queries, asked, work)
  const units = new Map(
    (await storedFeatures(state.queries)).map(({ definition: { name, unit } }) => [name, unit ?? null]),
  )
  return {
    document: { asOf, customers, unknown },
    text: valuesText(customers, units),
  }
}

/** @throws RapportError `cli.option` for what is no moment */
function momentOf(text: string | undefined): number {
  if (text === undefined) return now()
  const moment = Date.parse(text)
  if (Number.isNaN(moment) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new RapportError('cli.option', `--as-of must be a moment such as 2026-03-29T12:00:00Z, got ${text}`)
  return moment
}
