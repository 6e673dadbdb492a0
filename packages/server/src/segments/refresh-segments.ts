import { type Instant, microsPerUnit, type Work } from '../base/index.ts'
import { computeFeatures } from '../features/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readBuyers } from './buyers.ts'
import { discoveredSegments } from './discovered-segments.ts'
import { refreshFamilies } from './families/refresh-families.ts'
import type { SegmentsResult } from './result.ts'
import type { RfmOptions } from './rfm.ts'
import { rfmSegments } from './rfm-segments.ts'
import { ruleSegments } from './rule-segments.ts'
import type { NamedRule } from './shipped-rules.ts'

export interface SegmentsRequest {
  readonly asOf: Instant
  /** The same seed, store and moment give the same segments. */
  readonly seed: number
  readonly rfm?: RfmOptions
  /** Rules beside the shipped ones. */
  readonly rules?: readonly NamedRule[]
  /** True when `customer_features` was just computed as of `asOf`. Default false: they are computed first. */
  readonly areFeaturesFresh?: boolean
}

/**
 * Makes every segment anew as of a moment: by RFM, by clustering and by rules; and puts everybody into the families that
 * were asked for by name.
 *
 * @throws RapportError `segments.rule` when a rule cannot be compiled, `work.aborted`
 */
export async function refreshSegments(
  warehouse: Warehouse,
  request: SegmentsRequest,
  work?: Work,
): Promise<SegmentsResult> {
  const { asOf, seed } = request
  if (!request.areFeaturesFresh) await computeFeatures(warehouse, { asOf }, work)
  const rfm = await rfmSegments(warehouse, { asOf, ...request.rfm }, work)
  const discovered = await discoveredSegments(warehouse, { asOf, seed }, work)
  const families = await refreshFamilies(warehouse, asOf, work)
  const rules = await ruleSegments(warehouse, { asOf, more: request.rules ?? [] }, work)
  const { currency, spentMicros } = await readBuyers(warehouse, asOf, work)
  return {
    asOf,
    currency,
    buyers: spentMicros.length,
    revenue: spentMicros.reduce((sum, micros) => sum + micros, 0) / microsPerUnit,
    rfm,
    discovered,
    families,
    rules,
  }
}
