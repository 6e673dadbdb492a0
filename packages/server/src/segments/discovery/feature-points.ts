import { applyPreparation, type Column, fitPreparation, type PreparationPlan, type Table, table } from '@rapport/learn'
import { columnOf, RapportError } from '@rapport/numerics'
import type { FeatureMatrix } from '../../features/index.ts'
import { noneTells } from '../none-tells.ts'
import type { PointScale, Points } from './points.ts'

type FeatureScale = Extract<PointScale, { kind: 'features' }>

/** Words of fewer customers are joined as rare. */
const rowsMin = 10

/**
 * Customers by chosen features: numbers with their tails taken off (Yeo-Johnson) and standardised, missing ones at the
 * median; words as columns of 0 and 1.
 *
 * @param scale that of a model; learned when left out
 * @throws RapportError `segments.features` when no feature tells customers apart
 */
export function featurePoints(read: FeatureMatrix, scale?: FeatureScale): Points {
  const all = tableOf(read)
  const learned = scale ?? learnScale(read, all)
  const chosen = table(all.columns.filter(({ name }) => learned.names.includes(name)))
  const data = applyPreparation(learned.preparation, chosen)
  const mixed = mixedTable(chosen, learned)
  const known = Int32Array.from({ length: chosen.rows }, (_, row) => row).filter((row) =>
    chosen.columns.some((column) => isKnown(column, row)),
  )
  return {
    data,
    table: mixed,
    columnsOf: mixed.columns.map((column) => columnsOf(column, learned.preparation.columnNames)),
    known,
    scale: learned,
    comparedBy: read.features
      .filter(({ name }) => learned.names.includes(name))
      .map(({ name, label }) => ({ feature: name, label })),
    knownWords: `of ${known.length} of ${data.rows} customers one of the chosen features is known`,
  }
}

/** A feature matrix as named columns; categories by their words. */
export function tableOf({ features, matrix, categories }: FeatureMatrix): Table {
  return table(
    features.map(({ name, type }, column): Column => {
      const values = Float64Array.from(columnOf(matrix, column))
      if (type === 'number') return { name, kind: 'number', values }
      const words = categories.get(name)!
      return { name, kind: 'text', values: Array.from(values, (code) => (Number.isNaN(code) ? null : words[code]!)) }
    }),
  )
}

/** A number keeps its name, a word is 'country = DE'. */
const columnsOf = ({ name, kind }: Column, prepared: readonly string[]): Int32Array =>
  Int32Array.from(prepared.keys()).filter((at) =>
    kind === 'number' ? prepared[at] === name : prepared[at]!.startsWith(`${name} = `),
  )

const isKnown = ({ kind, values }: Column, row: number): boolean =>
  kind === 'number' ? !Number.isNaN(values[row]) : values[row] !== null

/** Whether at least two values are there. */
export function varies(column: Column): boolean {
  const seen = new Set<number | string>()
  for (let row = 0; row < column.values.length && seen.size < 2; row += 1) {
    if (isKnown(column, row)) seen.add(column.values[row]!)
  }
  return seen.size > 1
}

function learnScale({ features }: FeatureMatrix, all: Table): FeatureScale {
  const columns = all.columns.filter(varies)
  if (columns.length === 0) {
    const named = features.map(({ name }) => name)
    throw new RapportError('segments.features', noneTells('a chosen feature', named))
  }
  const named = (kind: Column['kind']): string[] => columns.filter((one) => one.kind === kind).map(({ name }) => name)
  const [numbers, words] = [named('number'), named('text')]
  const plan: PreparationPlan = [
    ...(numbers.length > 0 ? [{ kind: 'number', columns: numbers, reshape: 'yeo-johnson' } as const] : []),
    ...(words.length > 0 ? [{ kind: 'text', columns: words, rowsMin } as const] : []),
  ]
  const bare = { kind: 'number', columns: numbers, impute: 'none', reshape: 'yeo-johnson', scale: 'none' } as const
  return {
    kind: 'features',
    names: columns.map(({ name }) => name),
    features: columns.map(({ name }) => features.find((feature) => feature.name === name)!),
    preparation: fitPreparation(all, plan),
    numbers: numbers.length > 0 ? fitPreparation(all, [bare]) : null,
  }
}

/** The same for Gower's distance: tails taken off, nothing filled in, words as they are. */
function mixedTable(chosen: Table, { numbers }: FeatureScale): Table {
  const words = chosen.columns.filter(({ kind }) => kind === 'text')
  if (numbers === null) return table(words)
  const reshaped = applyPreparation(numbers, chosen)
  const columns = numbers.columnNames.map(
    (name, column): Column => ({ name, kind: 'number', values: Float64Array.from(columnOf(reshaped, column)) }),
  )
  return table([...columns, ...words])
}
