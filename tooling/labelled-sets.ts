import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataPath } from './test-data.ts'

/** A named column, as `Table` of @rapport/learn has them. Missing is NaN in numbers and null in text. */
export type LabelledColumn =
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  | { readonly name: string; readonly kind: 'text'; readonly values: (string | null)[] }

/** A public data set with a yes-or-no target and the folds that its figures were published on. */
export interface LabelledSet {
  /** In the file's order, without keys and target. */
  readonly columns: LabelledColumn[]
  /** `[n]` 1 for yes. */
  readonly labels: Uint8Array
  /** `[n]` row index modulo 5: a row is tested in this fold and trained on in the four others. */
  readonly fold: Uint8Array
}

interface LabelledFile {
  readonly path: readonly [set: string, file: string]
  readonly target: string
  readonly yes: string
  /** Columns that no model may see. */
  readonly dropped: readonly string[]
  readonly numeric: readonly string[]
}

/** The sets by their protocols: which columns are numbers, which are left out, what counts as yes. */
const files = {
  telco: {
    path: ['telco_churn', 'Telco-Customer-Churn.csv.gz'],
    target: 'Churn',
    yes: 'Yes',
    dropped: ['customerID'],
    numeric: ['SeniorCitizen', 'tenure', 'MonthlyCharges', 'TotalCharges'],
  },
  leads: {
    path: ['lead_scoring_xeducation', 'Leads.csv.gz'],
    target: 'Converted',
    yes: '1',
    dropped: ['ProspectID'],
    numeric: ['TotalVisits', 'TotalTime', 'PageViews'],
  },
  shoppers: {
    path: ['online_shoppers_intention', 'purchase_intention.csv.gz'],
    target: 'revenue',
    yes: 'yes',
    dropped: [],
    numeric: [
      'administrative',
      'administrative_duration',
      'informational',
      'informational_duration',
      'product_related',
      'product_related_duration',
      'bounce_rates',
      'exit_rates',
      'page_values',
      'special_day',
      // Codes, but numbers where the published figures were computed: scikit-learn gives those only so.
      'operating_systems',
      'browser',
      'region',
      'traffic_type',
    ],
  },
  adult: {
    path: ['adult_uci', 'AdultUCI.csv.gz'],
    target: 'income',
    yes: 'large',
    dropped: [],
    numeric: ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'],
  },
} as const satisfies Record<string, LabelledFile>

export type LabelledSetName = keyof typeof files

/** Loads a set by the protocol of its README. Rows without a label (the test part of Adult) are left out. */
export function loadLabelledSet(name: LabelledSetName): LabelledSet {
  const { path, target, yes, dropped, numeric }: LabelledFile = files[name]
  const text = gunzipSync(readFileSync(dataPath(...path))).toString('utf8')
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = cellsOf(header!)
  const records = lines.map(cellsOf).filter((cells) => cells[names.indexOf(target)] !== '')
  const columns = names.flatMap((column, at): LabelledColumn[] => {
    if (column === target || dropped.includes(column)) return []
    const cells = records.map((record) => record[at]!)
    const numbers = (): Float64Array => Float64Array.from(cells, (cell) => (cell === '' ? NaN : Number(cell)))
    return numeric.includes(column)
      ? [{ name: column, kind: 'number', values: numbers() }]
      : [{ name: column, kind: 'text', values: cells.map((cell) => (cell === '' ? null : cell)) }]
  })
  return {
    columns,
    labels: Uint8Array.from(records, (record) => (record[names.indexOf(target)] === yes ? 1 : 0)),
    fold: Uint8Array.from(records, (_, row) => row % 5),
  }
}

/** Cells of one line; a cell in quotation marks may hold commas, and none of these files has a quoted quote. */
const cellsOf = (line: string): string[] =>
  Array.from(line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g), ([, quoted, plain]) => (quoted ?? plain ?? '').trim())
