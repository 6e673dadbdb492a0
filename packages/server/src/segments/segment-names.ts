import type { ProfileEntry } from './result.ts'

/** Below this effect a difference is not worth a name. */
const effectMin = 0.25
/** Having little of something names a group less well than having much of it. */
const lackWeight = 0.75

/** What much and little of a feature is called, read one after another: 'Frequent, large orders'. */
const words: Readonly<Record<string, readonly [much: string, little: string]>> = {
  recency_days: ['away for long', 'here lately'],
  tenure_days: ['customers for long', 'new customers'],
  orders: ['frequent buyers', 'rare buyers'],
  spend: ['high spend', 'low spend'],
  average_order_value: ['large orders', 'small orders'],
  items_per_order: ['full baskets', 'single items'],
  distinct_products: ['wide choice', 'few products'],
  mean_gap_days: ['long pauses', 'short pauses'],
  overdue_ratio: ['overdue', 'on time'],
  spend_trend: ['spending more lately', 'spending less lately'],
  return_rate: ['many returns', 'few returns'],
  price_level: ['expensive choices', 'cheap choices'],
  discounted_share: ['bargain seekers', 'full price'],
  weekend_share: ['weekend shoppers', 'weekday shoppers'],
  evening_share: ['evening shoppers', 'daytime shoppers'],
  night_share: ['night shoppers', 'no night shoppers'],
  morning_share: ['morning shoppers', 'late risers'],
  afternoon_share: ['afternoon shoppers', 'hardly in the afternoon'],
  sessions: ['many visits', 'few visits'],
  cart_abandonment: ['carts left behind', 'carts checked out'],
  orders_per_visit: ['decided visitors', 'browsers'],
  email_open_rate: ['email readers', 'emails unread'],
  email_clicks: ['email clickers', 'no email clicks'],
  tickets: ['many questions', 'few questions'],
}

/**
 * A readable name for each group from what sets it apart most, no two the same: two differences, more where that is not
 * enough, a number where nothing is.
 *
 * @param profiles per group, any order
 */
export function segmentNames(profiles: readonly (readonly ProfileEntry[])[]): string[] {
  const phrases = profiles.map(phrasesOf)
  const names = phrases.map((own) => nameOf(own, 2))
  for (let length = 3; length <= 4; length += 1) {
    names.forEach((name, group) => {
      if (names.some((other, at) => at !== group && other === name)) names[group] = nameOf(phrases[group]!, length)
    })
  }
  const used = new Map<string, number>()
  return names.map((name) => {
    const count = (used.get(name) ?? 0) + 1
    used.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

function nameOf(phrases: readonly string[], length: number): string {
  if (phrases.length === 0) return 'Close to the average'
  const text = phrases.slice(0, length).join(', ')
  return text[0]!.toUpperCase() + text.slice(1)
}

function phrasesOf(profile: readonly ProfileEntry[]): string[] {
  const weight = ({ effect }: ProfileEntry): number => (effect > 0 ? effect : -effect * lackWeight)
  return profile
    .filter(
      ({ effect, feature }) => Math.abs(effect) >= effectMin && (Object.hasOwn(words, feature) || isShare(feature)),
    )
    .sort((left, right) => weight(right) - weight(left))
    .map(({ feature, label, effect }) => {
      if (isShare(feature)) return `${effect > 0 ? 'fond of' : 'hardly any'} ${categoryName(label)}`
      const [much, little] = words[feature]!
      return effect > 0 ? much : little
    })
}

/** The last part of a category's path, with what it lies in: 'Dresses (Women)'. */
function categoryName(label: string): string {
  const path = label.replace('share of purchases from ', '').split(' > ')
  const last = path.pop()!
  return path.length === 0 ? last : `${last} (${path.join(', ')})`
}

const isShare = (feature: string): boolean => feature.startsWith('category_share_')
