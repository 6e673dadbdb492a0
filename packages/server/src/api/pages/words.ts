import type { Purpose } from '@rapport/protocol'
import type { CustomerProfile, Format } from '../../insights/index.ts'

/** What a customer lets the shop do, as they would say it. */
const purposes: Readonly<Record<Purpose, string>> = {
  analytics: 'Keep what they do on the site',
  profiling: 'Score them and put them into segments',
  personalization: 'Show them pages and offers made for them',
  'marketing.email': 'Write to them by email',
  'marketing.social': 'Reach them on social networks',
  'marketing.ads': 'Show them advertisements made for them',
}

export interface ConsentLine {
  readonly words: string
  readonly isGranted: boolean
  /** ISO 8601; null when they never decided. */
  readonly since: string | null
  /** Why it holds, after the moment of a decision or instead of it. */
  readonly because: string
}

/** Every purpose with what holds, and why. */
export const consentLines = ({
  standings,
  consentRegion,
}: Pick<CustomerProfile, 'standings' | 'consentRegion'>): ConsentLine[] =>
  standings.map(({ purpose, isGranted, because, decidedAt, source }) => ({
    ...{ words: purposes[purpose], isGranted, since: decidedAt },
    because:
      because === 'basis'
        ? 'by the basis that the shop declared; they decided nothing'
        : because === 'region'
          ? `${consentRegion === 'unknown' ? 'by the strictest default: where they live is not known' : 'by the default where they live'}; they decided nothing`
          : source === null
            ? ''
            : (sources[source] ?? `by ${source}`),
  }))

/** Why a customer without scores has none. */
export function whyUnscored({
  analysis,
  standings,
  orders,
}: Pick<CustomerProfile, 'analysis' | 'standings' | 'orders'>): string {
  if (analysis === null) return 'No analysis was run yet.'
  const profiling = standings.find(({ purpose }) => purpose === 'profiling')
  if (profiling?.isGranted === false) {
    return profiling.because === 'decided'
      ? 'They refused to be profiled, so no model scores them.'
      : 'They have not agreed to be profiled, so no model scores them.'
  }
  if (orders.length === 0) return 'They bought nothing yet: models score customers who bought.'
  return 'They are not among whom the last analysis scored: it may have run before they bought or agreed, or had too little to learn from, which its report says.'
}

const sources: Readonly<Record<string, string>> = {
  browser: 'on the site',
  signal: 'by a signal of their browser',
  api: 'by a program of the shop',
  command: 'by somebody at the shop',
  import: 'by an import',
}

interface ScoreWords {
  readonly title: string
  /** What the number says. */
  readonly meaning: string
  readonly write: (value: number, format: Format) => string
}

const percent = (value: number, format: Format): string => format.percent(value)
const money = (value: number, format: Format): string => format.money(value)

/** In the order in which they are read. */
const scores: Readonly<Record<string, ScoreWords>> = {
  lapse_probability: {
    title: 'Chance of lapsing',
    meaning: 'How likely it is that they stop buying',
    write: percent,
  },
  probability_alive: {
    title: 'Still a customer',
    meaning: 'How likely they are to buy again at all, from how often and how lately they did',
    write: percent,
  },
  lifetime_value: { title: 'Value expected', meaning: 'What they are likely to bring', write: money },
  expected_purchases: {
    title: 'Purchases expected',
    meaning: 'How often they are likely to buy',
    write: (value, format) => format.decimal(value, 1),
  },
  expected_spend: {
    title: 'Spend a purchase',
    meaning: 'What one purchase of theirs usually comes to; nearer to everybody’s where they bought seldom',
    write: money,
  },
  lead_score: {
    title: 'Lead score',
    meaning: 'How likely a first purchase is, from 0 to 100',
    write: (value, format) => format.decimal(value),
  },
  next_order_days: {
    title: 'Next order',
    meaning: 'Days, from the analysis on, by which half of customers like them order again',
    write: (value, format) => `${format.decimal(value)} days`,
  },
  spend_next_90d: { title: 'Spend expected', meaning: 'What they are likely to spend', write: money },
}

export interface ScoreLine {
  readonly title: string
  readonly value: string
  readonly interval: string | null
  readonly meaning: string
  readonly reasons: readonly string[]
}

/** Scores with what they mean; one without words of its own goes by its name. */
export function scoreLines(all: CustomerProfile['scores'], format: Format): ScoreLine[] {
  const order = Object.keys(scores)
  const place = (score: string): number => (order.indexOf(score) + order.length + 1) % (order.length + 1)
  return [...all]
    .sort((one, other) => place(one.score) - place(other.score) || (one.score < other.score ? -1 : 1))
    .map(({ score, value, low, high, meaning, reasons }) => {
      const words = Object.hasOwn(scores, score) ? scores[score] : undefined
      const write = (number: number): string => words?.write(number, format) ?? format.decimal(number)
      const said = [words?.meaning, meaning].filter((text) => text !== undefined && text !== null)
      return {
        ...{ title: words?.title ?? score.replaceAll('_', ' '), value: write(value), reasons },
        interval: low === null || high === null ? null : `${write(low)} to ${write(high)} in 8 of 10 cases`,
        meaning: said.join(': '),
      }
    })
}
