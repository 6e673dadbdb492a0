import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataPath } from './test-data.ts'

/** A named column, as `Table` of @rapport/learn has them. Missing is NaN in numbers and null in text. */
export type TelcoColumn =
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  | { readonly name: string; readonly kind: 'text'; readonly values: (string | null)[] }

/** The data set telco_churn with its published folds. */
export interface TelcoChurn {
  /** 19 columns of 7,043 customers, in the file's order, without customerID and Churn. */
  readonly columns: TelcoColumn[]
  /** `[7043]` 1 where Churn is Yes. */
  readonly labels: Uint8Array
  /** `[7043]` row index modulo 5: a row is tested in this fold and trained on in the four others. */
  readonly fold: Uint8Array
}

const numeric = new Set(['SeniorCitizen', 'tenure', 'MonthlyCharges', 'TotalCharges'])

/**
 * Loads telco_churn by its protocol: customerID dropped, SeniorCitizen and TotalCharges numeric with blanks missing,
 * five folds by row index modulo 5.
 */
export function loadTelcoChurn(): TelcoChurn {
  const text = gunzipSync(readFileSync(dataPath('telco_churn', 'Telco-Customer-Churn.csv.gz'))).toString('utf8')
  // No cell of this file is quoted, so commas and line ends alone separate.
  const [header, ...records] = text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(','))
  const names = header!
  const cell = (record: readonly string[], name: string): string => record[names.indexOf(name)]!
  const columns = names
    .filter((name) => name !== 'customerID' && name !== 'Churn')
    .map((name): TelcoColumn => {
      const cells = records.map((record) => cell(record, name).trim())
      return numeric.has(name)
        ? { name, kind: 'number', values: Float64Array.from(cells, (value) => (value === '' ? NaN : Number(value))) }
        : { name, kind: 'text', values: cells.map((value) => (value === '' ? null : value)) }
    })
  return {
    columns,
    labels: Uint8Array.from(records, (record) => (cell(record, 'Churn') === 'Yes' ? 1 : 0)),
    fold: Uint8Array.from(records, (_, row) => row % 5),
  }
}
