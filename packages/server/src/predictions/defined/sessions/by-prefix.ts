import { expectedCalibrationError, logLoss, metricValue, rocAuc } from '@rapport/learn'
import type { PrefixQuality } from './sessions-card.ts'

/** The moments that a model of sessions is judged at: after so many events. */
export const prefixes = [1, 2, 3, 5, 10] as const

/** On each side, for figures to mean anything. */
const sideMin = 10

/**
 * How good probabilities are, apart for each length of the session so far.
 *
 * @param places `[n]` events of the session by the moment
 * @param share of the training set, which is the baseline
 */
export function qualityByPrefix(
  places: Float64Array,
  probabilities: Float64Array,
  labels: Uint8Array,
  share: number,
): readonly PrefixQuality[] {
  return prefixes.map((events) => {
    const rows = Array.from(places.keys()).filter((row) => places[row] === events)
    const said = Float64Array.from(rows, (row) => probabilities[row]!)
    const came = Uint8Array.from(rows, (row) => labels[row]!)
    const ones = came.reduce((sum, label) => sum + label, 0)
    const counted = { events, sessions: rows.length, ordered: rows.length === 0 ? 0 : ones / rows.length }
    if (Math.min(ones, rows.length - ones) < sideMin)
      return { ...counted, rocAuc: null, logLoss: null, baselineLogLoss: null, calibrationError: null }
    return {
      ...counted,
      rocAuc: metricValue(rocAuc(said, came)),
      logLoss: metricValue(logLoss(said, came)),
      baselineLogLoss: metricValue(
        logLoss(
          said.map(() => share),
          came,
        ),
      ),
      calibrationError: metricValue(expectedCalibrationError(said, came, { strategy: 'quantile' })),
    }
  })
}
