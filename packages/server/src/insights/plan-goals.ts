import type { SegmentFacts, ShopFacts } from './plan-facts.ts'

/** What to aim for with a segment, and what speaks for it. */
export interface Goal {
  readonly id:
    | 'rest'
    | 'win-back'
    | 'second-purchase'
    | 'fewer-returns'
    | 'keep'
    | 'bigger-basket'
    | 'too-small'
    | 'first-purchase'
  readonly title: string
  /** The numbers that led here, in words. */
  readonly because: string
  readonly action: string
}

interface GoalRule {
  readonly id: Goal['id']
  readonly title: string
  /** Why the rule fits, or undefined when it does not. */
  readonly because: (segment: SegmentFacts, shop: ShopFacts) => string | undefined
  readonly action: string
}

const customersMin = 30

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** A value against that of an average customer, in words. */
function times(ratio: number): string {
  if (ratio >= 1.05) return `${ratio.toFixed(1)} times as much as an average customer`
  return ratio > 0.95 ? 'as much as an average customer' : `${percent(ratio)} as much as an average customer`
}

/** Value of a customer against the shop's mean: predicted where there is a prediction, spent so far where there is none. */
export function relativeValue(segment: SegmentFacts, shop: ShopFacts): number {
  const isPredicted = segment.lifetimeValue !== null && shop.lifetimeValue !== null && shop.lifetimeValue > 0
  const own = (isPredicted ? segment.lifetimeValue! : segment.revenue) / segment.customers
  const all = (isPredicted ? shop.lifetimeValue! : shop.revenue) / shop.customers
  return all > 0 ? own / all : 0
}

const spentBefore = (segment: SegmentFacts, shop: ShopFacts): number =>
  shop.revenue > 0 ? segment.revenue / segment.customers / (shop.revenue / shop.customers) : 0

/** How much likelier than the shop's customers these are to stop, by the best evidence there is. */
function slippingBecause(segment: SegmentFacts, shop: ShopFacts): string | undefined {
  if (shop.lapseProbability !== null && segment.lapseProbability === null) {
    return `most have been away longer than active customers are, ${Math.round(segment.recencyDays ?? 0)} days on average`
  }
  if (segment.lapseProbability !== null && shop.lapseProbability !== null) {
    return segment.lapseProbability > 1.1 * shop.lapseProbability
      ? `${percent(segment.lapseProbability)} are expected to lapse, ${percent(shop.lapseProbability)} of all`
      : undefined
  }
  if (segment.recencyDays === null || shop.recencyDays === null) return undefined
  return segment.recencyDays > 1.4 * shop.recencyDays
    ? `their last purchase is ${Math.round(segment.recencyDays)} days ago, ${Math.round(shop.recencyDays)} for all`
    : undefined
}

/** Whether hardly anybody is expected back, by the best evidence there is. */
function isGone(segment: SegmentFacts, shop: ShopFacts): boolean {
  const isLongAgo =
    segment.recencyDays !== null && shop.recencyDays !== null && segment.recencyDays > 2 * shop.recencyDays
  if (segment.probabilityAlive === null || shop.probabilityAlive === null) return isLongAgo
  return (
    segment.probabilityAlive < 0.5 * shop.probabilityAlive ||
    (isLongAgo && segment.probabilityAlive < shop.probabilityAlive)
  )
}

/** The rules in order; the first that fits holds. They read numbers only, never a segment's name. */
const rules: readonly GoalRule[] = [
  {
    id: 'too-small',
    title: 'Too small to plan for',
    because: ({ customers }) =>
      customers < customersMin
        ? `at least ${customersMin} customers are needed, there ${customers === 1 ? 'is' : 'are'} ${customers}`
        : undefined,
    action: 'Treat them like the segment next to them.',
  },
  {
    id: 'first-purchase',
    title: 'Win the first purchase',
    because: ({ orders }) => (orders === 0 ? 'nobody here has bought yet' : undefined),
    action: 'Show what others buy first; answer the questions that keep people from ordering.',
  },
  {
    id: 'rest',
    title: 'Let them rest',
    because: (segment, shop) =>
      isGone(segment, shop) && relativeValue(segment, shop) < 0.6 && spentBefore(segment, shop) < 1.5
        ? `most are gone${segment.probabilityAlive === null ? '' : ` (${percent(segment.probabilityAlive)} still customers)`} and worth ${times(relativeValue(segment, shop))}`
        : undefined,
    action: 'One reminder a quarter at most; spend the budget elsewhere.',
  },
  {
    id: 'win-back',
    title: 'Win them back before they are gone',
    because: (segment, shop) => {
      const slipping = slippingBecause(segment, shop)
      if (slipping === undefined || segment.oneTimeBuyers > 0.7 * segment.customers) return undefined
      return spentBefore(segment, shop) >= 0.6
        ? `${slipping}; they spent ${times(spentBefore(segment, shop))}`
        : undefined
    },
    action: 'A personal message about what is new in what they bought, then one reminder.',
  },
  {
    id: 'second-purchase',
    title: 'Bring about the second purchase',
    because: (segment, shop) =>
      segment.oneTimeBuyers > 0.6 * segment.customers && !isGone(segment, shop)
        ? `${percent(segment.oneTimeBuyers / segment.customers)} bought exactly once`
        : undefined,
    action: 'Show what goes with the first purchase, while it is fresh.',
  },
  {
    id: 'fewer-returns',
    title: 'Have fewer things sent back',
    because: ({ refundRate, returnsStandOut }, shop) =>
      refundRate !== null && returnsStandOut && refundRate > 0.1 && refundRate > 1.5 * (shop.refundRate ?? 0)
        ? `${percent(refundRate)} of what they buy comes back, ${percent(shop.refundRate ?? 0)} for all`
        : undefined,
    action: 'Advice on size and fit, honest pictures, questions answered before the order.',
  },
  {
    id: 'keep',
    title: 'Keep them, without giving anything away',
    because: (segment, shop) =>
      relativeValue(segment, shop) >= 1.3 ? `worth ${times(relativeValue(segment, shop))}` : undefined,
    action: 'Early access, service and thanks. A discount would be given to people who pay the full price.',
  },
  {
    id: 'bigger-basket',
    title: 'Make the basket bigger',
    because: (segment, shop) => `worth ${times(relativeValue(segment, shop))}, and neither slipping nor new`,
    action: 'Show what is bought together with what they buy.',
  },
]

/** What to aim for with a segment: the first rule whose condition its numbers meet. */
export function goalOf(segment: SegmentFacts, shop: ShopFacts): Goal {
  for (const { id, title, because, action } of rules) {
    const reason = because(segment, shop)
    if (reason !== undefined) return { id, title, because: reason, action }
  }
  throw new Error('the last rule fits every segment')
}
