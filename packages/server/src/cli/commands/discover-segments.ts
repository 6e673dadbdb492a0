import { join } from 'node:path'
import { countOf, RapportError } from '../../base/index.ts'
import { type DiscoveredFamily, discoveryMethods, isMade } from '../../segments/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Given, OptionSpecs, Outcome, Surroundings } from '../command.ts'
import type { MakeFamily } from '../serve.ts'
import { textTable } from '../text-table.ts'

export const discoverOptions: OptionSpecs = {
  method: {
    type: 'string',
    value: 'NAME',
    description: 'how discover looks for groups',
    choices: discoveryMethods,
    default: 'kmeans',
  },
  name: { type: 'string', value: 'NAME', description: 'name of the family (default of discover: the method)' },
  features: {
    type: 'string',
    value: 'LIST',
    description: 'features or families of the catalogue, with commas between (default: the habits of the analysis)',
    multiple: true,
  },
  k: { type: 'string', value: 'N', description: 'number of groups (default: chosen, none included)' },
  radius: { type: 'string', value: 'X', description: 'of dbscan (default: chosen)' },
  'size-min': { type: 'string', value: 'N', description: 'customers that make a group for hdbscan (default: chosen)' },
}

export async function discoverSegments(
  warehouse: Warehouse,
  { store, given, work }: Surroundings,
  make: MakeFamily,
): Promise<Outcome> {
  const method = discoveryMethods.find((known) => known === given.text('method'))!
  const k = given.whole('k', 2)
  const sizeMin = given.whole('size-min', 2)
  const radius = positive(given, 'radius')
  const name = given.text('name')
  const request = {
    ...{ kind: 'discover' as const, method, seed: given.whole('seed', 0)!, ...featuresOf(given) },
    ...(name !== undefined && { name }),
    ...(k !== undefined && { k }),
    ...(radius !== undefined && { radius }),
    ...(sizeMin !== undefined && { sizeMin }),
  }
  const found = (await make(warehouse, request, join(store, 'report.html'), work)) as DiscoveredFamily
  return { document: found, text: describeDiscovered(found) }
}

/**
 * What `--features` names; nothing where it is not given, which is not the same as given empty: a variable of a script that
 * holds nothing must not mean all that there are.
 */
export function featuresOf(given: Given): { readonly features?: readonly string[] } {
  const texts = given.texts('features')
  if (texts.length === 0) return {}
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim())
  if (!words.includes('')) return { features: words }
  throw new RapportError(
    'cli.option',
    `--features must hold names with a comma between each two, got ${texts.map((text) => JSON.stringify(text)).join(' and ')}: leave it out to compare by all that is usual`,
  )
}

function positive(given: Given, name: string): number | undefined {
  const text = given.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  throw new RapportError('cli.option', `--${name} must be a number above 0, got ${text}`)
}

function describeDiscovered({ groups, none, refresh, notes }: DiscoveredFamily): string {
  const tried =
    groups.candidates.length > 0 &&
    textTable<Candidate>(groups.candidates, [
      { title: 'groups', value: ({ k, setting }) => (setting === undefined ? `${k}` : `${k} (${setting})`) },
      ...(groups.found ? [{ title: '', value: (one: Candidate) => (isMade(one, groups.k) ? 'made' : '') }] : []),
      ...measures.filter(({ of }) => groups.candidates.some((one) => of(one) !== null)).map(measured),
    ])
  if (!groups.found) return [groups.reason, tried, ...notes].filter(Boolean).join('\n\n')
  const segments = textTable(groups.segments, [
    { title: 'segment', value: ({ id }) => id },
    { title: 'name', value: ({ name }) => name },
    { title: 'customers', value: ({ customers }) => customers.toLocaleString('en'), align: 'right' },
    { title: 'stability', value: ({ stability }) => fixed(stability, 2), align: 'right' },
  ])
  return [
    groups.verdict,
    segments,
    none > 0 && `${countOf(none, 'customer is', 'customers are')} in none`,
    tried,
    ...notes,
    refresh,
  ]
    .filter(Boolean)
    .join('\n\n')
}

type Candidate = DiscoveredFamily['groups']['candidates'][number]

interface Measure {
  readonly title: string
  /** Null where it was not measured. */
  readonly of: (one: Candidate) => number | null
  readonly digits?: number
}

const measures: readonly Measure[] = [
  { title: 'silhouette', of: ({ silhouette }) => silhouette },
  { title: 'without groups', of: ({ nullSilhouette }) => nullSilhouette },
  { title: 'Davies-Bouldin', of: ({ daviesBouldin }) => daviesBouldin },
  { title: 'Calinski-Harabasz', of: ({ calinskiHarabasz }) => calinskiHarabasz, digits: 0 },
  { title: 'gap', of: ({ gap }) => gap?.value ?? null },
  { title: 'stability', of: ({ stability }) => stability },
  { title: 'in none, of those compared', of: ({ noneShare }) => noneShare ?? null, digits: 2 },
]

const measured = ({ title, of, digits }: Measure) =>
  ({ title, value: (one: Candidate) => fixed(of(one), digits), align: 'right' }) as const

const fixed = (value: number | null, digits = 3): string => (value === null ? '' : value.toFixed(digits))
