import {
  applyConformalQuantiles,
  type ConformalQuantilesModel,
  fitConformalQuantiles,
  type Intervals,
} from '@rapport/learn'
import { customerFolds } from '../../customer-folds.ts'

/** Within which eight of ten amounts lie, in shares of what is expected. Plain data. */
export interface AmountBands {
  /** Of rows of about the same expectation: a band holds expectations up to `upTo`. */
  readonly bands: readonly Band[]
  /** What ends are moved by, on a scale of logarithms; null where there were too few rows to tell. */
  readonly conformal: ConformalQuantilesModel | null
  /** The amount that logarithms are taken in units of. */
  readonly unit: number
}

/** Ends as shares of the expectation: of those of whom most is expected, the largest expect a multiple of the others. */
interface Band {
  readonly upTo: number
  readonly low: number
  readonly high: number
}

const bandsWanted = 10
const share = 0.8

/**
 * Ends of eight of ten amounts among customers of like expectation, moved by how far amounts lay outside of the ends that
 * the others gave (conformalised quantiles): a customer like these has an amount within with a chance of 80 %, whatever
 * the model. Who spend nothing are many, so an end at 0 stays there, and the eight of ten are counted from it.
 *
 * @param expected `[n]` above 0, of rows that the model was not fitted to
 * @param came `[n]` at least 0
 * @param options.customerIds `[n]` whose each row is
 */
export function fitAmountBands(
  expected: Float64Array,
  came: Float64Array,
  { customerIds, seed }: { readonly customerIds: readonly string[]; readonly seed: number },
): AmountBands {
  const total = came.reduce((sum, amount) => sum + amount, 0)
  const unit = total > 0 ? total / came.length : 1
  const bands = bandsOf(expected, came)
  if (came.length < 2 * bandsWanted) return { bands, conformal: null, unit }
  const ends = { low: new Float64Array(came.length), high: new Float64Array(came.length) }
  for (const { train, test } of customerFolds(customerIds, { folds: 5, seed })) {
    const own = bandsOf(
      Float64Array.from(train, (row) => expected[row]!),
      Float64Array.from(train, (row) => came[row]!),
    )
    for (const row of test) {
      const { low, high } = bandOf(own, expected[row]!)
      ends.low[row] = low * expected[row]!
      ends.high[row] = high * expected[row]!
    }
  }
  const scaled = (amounts: Float64Array): Float64Array => amounts.map((amount) => Math.log1p(amount / unit))
  const conformal = fitConformalQuantiles(scaled(ends.low), scaled(ends.high), scaled(came), { confidence: share })
  return { bands, conformal: conformal.kind === 'too-few-rows' ? null : conformal, unit }
}

/** Ends of each row's interval, at least 0. */
export function applyAmountBands({ bands, conformal, unit }: AmountBands, expected: Float64Array): Intervals {
  const own = Array.from(expected, (amount) => bandOf(bands, amount))
  const low = Float64Array.from(own, (band, row) => band.low * expected[row]!)
  const high = Float64Array.from(own, (band, row) => band.high * expected[row]!)
  if (conformal === null) return { low, high }
  const scaled = (amounts: Float64Array): Float64Array => amounts.map((amount) => Math.log1p(amount / unit))
  const moved = applyConformalQuantiles(conformal, scaled(low), scaled(high))
  return {
    low: moved.low.map((end, row) => (low[row] === 0 ? 0 : Math.max(0, unit * Math.expm1(end)))),
    high: moved.high.map((end) => Math.max(0, unit * Math.expm1(end))),
  }
}

const bandOf = (bands: readonly Band[], expected: number): Band =>
  bands.find(({ upTo }) => expected <= upTo) ?? bands.at(-1)!

function bandsOf(expected: Float64Array, came: Float64Array): Band[] {
  const order = Array.from(expected.keys()).sort((left, right) => expected[left]! - expected[right]! || left - right)
  return Array.from({ length: bandsWanted }, (_, band) => {
    const first = Math.min(order.length - 1, Math.floor((band * order.length) / bandsWanted))
    const rows = order.slice(first, Math.max(first + 1, Math.floor(((band + 1) * order.length) / bandsWanted)))
    const shares = rows.map((row) => came[row]! / expected[row]!).sort((left, right) => left - right)
    // Weibull's quantiles: of new rows that share lies below, however few rows there were.
    const at = (part: number): number => {
      const place = Math.min(shares.length - 1, Math.max(0, (shares.length + 1) * part - 1))
      const below = shares[Math.floor(place)]!
      return below + (place % 1) * (shares[Math.ceil(place)]! - below)
    }
    const low = at((1 - share) / 2)
    return {
      upTo: band === bandsWanted - 1 ? Infinity : expected[rows.at(-1)!]!,
      ...(low === 0 ? { low, high: at(share) } : { low, high: at((1 + share) / 2) }),
    }
  })
}
