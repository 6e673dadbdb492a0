import { type Table, table } from '@rapport/learn'
import type { Feature, FeatureValue } from '../../features/index.ts'

/** One customer's values as a table of one row. */
export const rowOfInputs = (inputs: readonly Feature[], values: readonly FeatureValue[]): Table =>
  table(
    inputs.map(({ name, type }, at) => {
      const value = values[at] ?? null
      return type === 'number'
        ? { name, kind: 'number', values: Float64Array.of(typeof value === 'number' ? value : Number.NaN) }
        : { name, kind: 'text', values: [value === null ? null : String(value)] }
    }),
  )
