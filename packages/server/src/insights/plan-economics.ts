import { recentDays, type SegmentFacts, type ShopFacts } from './plan-facts.ts'
import { perThousand } from './plan-words.ts'

/** What a campaign to a segment must achieve to pay, apart from whether it will. */
export type BreakEven =
  | {
      readonly known: true
      /** Points of response (share of customers who buy in a period) that must come on top. */
      readonly lift: number
      readonly words: string
    }
  | { readonly known: false; readonly because: string }

export interface OfferTerms {
  /** Share taken off the price; 0 for none. */
  readonly discount: number
  /** What one message costs to send, in units of the currency; null when unknown. */
  readonly messageCost: number | null
}

/**
 * Share of a segment's customers who will buy within a period anyway: expected by the lifetime model, and without one the
 * whole shop's share of the last period, since a segment's own depends on how it was chosen.
 */
export const baselineResponse = ({ expectedResponse }: SegmentFacts, shop: ShopFacts): number =>
  expectedResponse ?? (shop.customers > 0 ? shop.recentBuyers / shop.customers : 0)

/**
 * The lift at which a message with this offer earns what it costs.
 *
 * Everybody who would have bought anyway takes the discount too, so with response p, order value v, margin m, discount d
 * and message cost c the lift l solves (p + l)(m − d)v − p·m·v = c.
 */
export function breakEven(segment: SegmentFacts, shop: ShopFacts, terms: OfferTerms): BreakEven {
  if (segment.margin === null)
    return { known: false, because: 'unit costs are not known, so neither is what a sale earns' }
  if (segment.orders === 0) return { known: false, because: 'nobody in this segment has bought yet' }
  if (terms.discount === 0 && terms.messageCost === null) {
    return {
      known: false,
      because:
        'nothing is given away, and what a message costs was not said (--message-cost of rapport analyze says it)',
    }
  }
  const left = segment.margin - terms.discount
  if (left <= 0) return { known: false, because: 'the discount takes the whole margin: no lift can pay for it' }
  const orderValue = segment.revenue / segment.orders
  const response = baselineResponse(segment, shop)
  const lift = ((terms.messageCost ?? 0) / orderValue + response * terms.discount) / left
  if (lift > 1 - response) return { known: false, because: 'more would have to buy than there are customers' }
  const cost = terms.messageCost === null ? '; what sending costs is not known and left out' : ''
  return {
    known: true,
    lift,
    words: `of 1,000 customers written to, ${perThousand(lift)} more must buy within ${recentDays} days than the ${perThousand(response)} who are expected to anyway (break-even lift ${(lift * 100).toFixed(2)} percentage points)${cost}`,
  }
}
