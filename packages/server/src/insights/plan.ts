import { type BreakEven, baselineResponse, breakEven } from './plan-economics.ts'
import { type Experiment, planExperiment } from './plan-experiment.ts'
import { recentDays, type SegmentFacts, type ShopFacts } from './plan-facts.ts'
import { type Goal, goalOf } from './plan-goals.ts'
import { type Timing, type TimingResult, timingsOf } from './plan-timing.ts'

/** What to do about one segment. */
export interface PlanEntry {
  readonly segmentId: string
  readonly family: 'rfm' | 'discovered'
  readonly segment: string
  readonly customers: number
  readonly contactable: number
  readonly goal: Goal
  readonly offer: Offer
  readonly timing: Timing | null
  /** Why no time is better than another; null where one is. */
  readonly timingUnknownBecause: string | null
  /** What is at stake, kept apart from what a campaign would have to achieve. */
  readonly valueAtStake:
    | { readonly amount: number; readonly words: string }
    | { readonly amount: null; readonly words: string }
  readonly breakEven: BreakEven
  readonly experiment: Experiment
  /** What stands in the way: nobody may be written to, for one. */
  readonly cautions: readonly string[]
}

export interface Offer {
  /** Share taken off the price; 0 for none. */
  readonly discount: number
  readonly words: string
  readonly products: readonly { readonly productId: string; readonly name: string }[]
}

export interface PlanOptions {
  /** What one message costs to send, in units of the currency. Default: not known. */
  readonly messageCost?: number
}

/** A discount is worth a try only where it leaves this share of the margin. */
const marginLeftMin = 0.5
const discountTried = 0.1

/** Relative lift worth hoping for where nothing better is known: published email tests lie between 5 and 50 %. */
const hopedRelativeLift = 0.2

/** A plan for each segment, from its numbers and the shop's; most value at stake first. */
export function planFor(segments: readonly SegmentFacts[], shop: ShopFacts, options: PlanOptions = {}): PlanEntry[] {
  const timings = timingsOf(
    segments.map(({ rhythm }) => rhythm),
    shop.rhythm,
  )
  return segments
    .map((segment, at) => planSegment(segment, shop, timings[at]!, options))
    .sort((a, b) => (b.valueAtStake.amount ?? 0) - (a.valueAtStake.amount ?? 0))
}

function planSegment(segment: SegmentFacts, shop: ShopFacts, timing: TimingResult, options: PlanOptions): PlanEntry {
  const goal = goalOf(segment, shop)
  const offer = offerFor(goal, segment)
  const response = baselineResponse(segment, shop)
  const even = breakEven(segment, shop, { discount: offer.discount, messageCost: options.messageCost ?? null })
  const lift = Math.max(even.known ? even.lift : 0, hopedRelativeLift * response)
  const isPlanned = goal.id !== 'too-small' && goal.id !== 'rest'
  return {
    segmentId: segment.id,
    family: segment.family,
    segment: segment.name,
    customers: segment.customers,
    contactable: segment.contactable,
    goal,
    offer,
    ...timing,
    valueAtStake: valueAtStake(segment, shop),
    breakEven: even,
    experiment: isPlanned
      ? planExperiment(segment.contactable, response, lift)
      : { possible: false, because: 'no campaign is proposed' },
    cautions: cautionsFor(segment, shop),
  }
}

/** Only where unit costs are known is a discount proposed, and never to those who buy without one. */
function offerFor(goal: Goal, segment: SegmentFacts): Offer {
  const wantsPush = goal.id === 'win-back' || goal.id === 'second-purchase'
  const names = segment.products.map(({ name }) => name)
  const shown = names.length > 0 ? `show ${names.join(', ')}` : 'no product stands out: show what is new'
  if (wantsPush && segment.margin !== null && segment.margin - discountTried >= marginLeftMin * segment.margin) {
    return {
      discount: discountTried,
      words: `${shown}; test ${Math.round(discountTried * 100)} % off against no discount`,
      products: segment.products,
    }
  }
  const why = !wantsPush
    ? ''
    : segment.margin === null
      ? ' No discount: what a sale earns is not known.'
      : ' No discount: the margin is too thin.'
  return { discount: 0, words: `${shown}.${why}`, products: segment.products }
}

function valueAtStake(segment: SegmentFacts, shop: ShopFacts): PlanEntry['valueAtStake'] {
  const kind = shop.isValueProfit ? 'profit' : 'revenue'
  if (segment.valueAtRisk !== null) {
    return {
      amount: segment.valueAtRisk,
      words: `${kind} expected from these customers, each counted by how likely they are to stop buying (in full for those away already): what could be lost, not what a campaign would bring`,
    }
  }
  if (segment.lifetimeValue !== null) {
    return {
      amount: segment.lifetimeValue,
      words: `${kind} expected from these customers; how much of it could be lost is not known`,
    }
  }
  return { amount: null, words: 'no lifetime values were predicted' }
}

function cautionsFor(segment: SegmentFacts, shop: ShopFacts): string[] {
  const cautions: string[] = []
  if (segment.contactable === 0) cautions.push('nobody here has agreed to email: nothing may be sent')
  else if (segment.contactable < segment.customers) {
    cautions.push(
      `${segment.contactable} of ${segment.customers} have agreed to email; the others must not be written to`,
    )
  }
  if (segment.margin === null) cautions.push('unit costs are missing: break-even and profit cannot be given')
  const discounts = segment.discountShare ?? 0
  if (segment.discountsStandOut && discounts > 1.5 * (shop.discountShare ?? 0) && discounts > 0.1) {
    cautions.push(`they already buy at ${Math.round(discounts * 100)} % off on average`)
  }
  if (segment.recentBuyers === 0 && segment.orders > 0) cautions.push(`nobody bought in the last ${recentDays} days`)
  return cautions
}
