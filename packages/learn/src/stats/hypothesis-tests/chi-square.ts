import { RapportError } from '@rapport/numerics'
import { distributionTail } from '../distributions/distribution.ts'

/** What comparing counts found. */
export type ChiSquareTest =
  | {
      readonly defined: true
      readonly statistic: number
      readonly freedom: number
      readonly pValue: number
      /** The smallest count expected; below about 5 the chance is rough. */
      readonly expectedLeast: number
      /** Strength of the relation, 0 … 1 (Cramér's V, uncorrected); of a fit null. */
      readonly association: number | null
    }
  | {
      readonly defined: false
      /** `one-class`: only one row, column or class has counts. */
      readonly because: 'one-class'
    }

/**
 * Whether two classifications are independent: Pearson's test of a table of counts. Rows and columns of zeros are left out.
 *
 * @param table counts, row after row, rows of equal length, each ≥ 0
 * @param options `continuity`: Yates's correction of two-by-two tables, default false
 * @throws RapportError `chi-square.counts`
 *
 * Source: Pearson, Philosophical Magazine 50, 1900; as scipy's `chi2_contingency`.
 *
 * @example
 * chiSquareTest([[30, 10], [20, 20]]) // statistic 5.333…, pValue 0.0209…
 */
export function chiSquareTest(
  table: readonly (readonly number[])[],
  { continuity = false }: { readonly continuity?: boolean } = {},
): ChiSquareTest {
  const width = table[0]?.length ?? 0
  for (const row of table) checkCounts(row, width)
  const sumOf = (row: readonly number[]): number => row.reduce((sum, count) => sum + count, 0)
  const rows = table.filter((row) => sumOf(row) > 0)
  const sums = Array.from({ length: width }, (_, column) => rows.reduce((sum, row) => sum + row[column]!, 0))
  const columns = sums.flatMap((sum, column) => (sum > 0 ? [column] : []))
  if (rows.length < 2 || columns.length < 2) return { defined: false, because: 'one-class' }
  const total = sumOf(sums)
  const correction = continuity && rows.length === 2 && columns.length === 2 ? 0.5 : 0
  let [statistic, plain, expectedLeast] = [0, 0, Infinity]
  for (const row of rows) {
    const rowSum = sumOf(row)
    for (const column of columns) {
      const expected = (rowSum / total) * sums[column]!
      const distance = Math.abs(row[column]! - expected)
      plain += distance ** 2 / expected
      statistic += Math.max(0, distance - correction) ** 2 / expected
      expectedLeast = Math.min(expectedLeast, expected)
    }
  }
  const freedom = (rows.length - 1) * (columns.length - 1)
  const association = Math.sqrt(plain / total / (Math.min(rows.length, columns.length) - 1))
  return { defined: true, statistic, freedom, pValue: chance(statistic, freedom), expectedLeast, association }
}

/**
 * Whether counts follow expected shares.
 *
 * @param observed `[k]` counts, each ≥ 0
 * @param shares `[k]` each > 0, scaled to add up to 1. Default all alike
 * @throws RapportError `chi-square.counts`
 *
 * @example
 * chiSquareFit([20, 30, 50]) // statistic 14, pValue 0.00091…
 */
export function chiSquareFit(
  observed: readonly number[],
  shares: readonly number[] = observed.map(() => 1),
): ChiSquareTest {
  checkCounts(observed, observed.length)
  checkCounts(shares, observed.length)
  const total = observed.reduce((sum, count) => sum + count, 0)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  if (observed.length < 2 || total === 0) return { defined: false, because: 'one-class' }
  const none = shares.indexOf(0)
  if (none >= 0) throw new RapportError('chi-square.counts', `every share must be above 0, got 0 at place ${none}`)
  const expected = shares.map((share) => (share / whole) * total)
  const statistic = observed.reduce((sum, count, at) => sum + (count - expected[at]!) ** 2 / expected[at]!, 0)
  const freedom = observed.length - 1
  const expectedLeast = Math.min(...expected)
  return { defined: true, statistic, freedom, pValue: chance(statistic, freedom), expectedLeast, association: null }
}

const chance = (statistic: number, freedom: number): number =>
  distributionTail({ kind: 'chi-squared', freedom }, statistic)

function checkCounts(counts: readonly number[], length: number): void {
  if (counts.length !== length) {
    throw new RapportError('chi-square.counts', `rows must be of one length (${length}), got one of ${counts.length}`)
  }
  const wrong = counts.findIndex((count) => !(count >= 0 && count < Infinity))
  if (wrong < 0) return
  throw new RapportError(
    'chi-square.counts',
    `counts must be finite and at least 0, got ${counts[wrong]} at place ${wrong}`,
  )
}
