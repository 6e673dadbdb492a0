import type { Instant, Work } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readBuyers } from './buyers.ts'
import { publishSegments } from './publish-segments.ts'
import type { RfmResult } from './result.ts'
import { type RfmOptions, type ScoredBuyers, segmentByRfm } from './rfm.ts'
import { othersName } from './rfm-rules.ts'

/**
 * RFM segments of everybody with a purchase by `asOf`, put in the store in place of the ones before.
 *
 * @throws RapportError `segments.rules` or `segments.bins` as `segmentByRfm`
 */
export async function rfmSegments(
  warehouse: Warehouse,
  { asOf, ...options }: RfmOptions & { readonly asOf: Instant },
  work?: Work,
): Promise<RfmResult> {
  work?.onProgress?.({ stage: 'recency, frequency and money', done: 0, total: 1 })
  const buyers = await readBuyers(warehouse, asOf, work)
  const scored = segmentByRfm(buyers, options)
  const filled = 'found' in scored ? [] : filledSegments(scored, buyers.customerIds)
  await warehouse.transaction(() => publishSegments(warehouse, 'rfm', asOf, filled, work))
  work?.onProgress?.({ stage: 'recency, frequency and money', done: 1, total: 1 })
  return 'found' in scored ? scored : scored.result
}

function filledSegments({ segment, result }: ScoredBuyers, customerIds: readonly string[]) {
  const members = result.segments.map((): string[] => [])
  segment.forEach((position, row) => {
    members[position]!.push(customerIds[row]!)
  })
  return result.segments.map(({ id, name, words }, position) => ({
    id,
    name,
    definition: {
      kind: 'rfm',
      bins: result.bins,
      rule: name === othersName ? null : (result.rules[position] ?? null),
      words,
    },
    customerIds: members[position]!,
  }))
}
