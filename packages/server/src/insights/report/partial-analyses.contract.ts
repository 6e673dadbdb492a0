import type { Analysis } from '../analysis.ts'
import { fullAnalysis } from './full-analysis.contract.ts'

const because = 'the history must cover 180 days, got 31'

/** Nothing could be found, and every value that may be missing is. */
export const emptyAnalysis: Analysis = {
  ...fullAnalysis,
  simulated: null,
  simulatedUntil: null,
  firstLook: {
    ...fullAnalysis.firstLook,
    previous: null,
    current: {
      ...fullAnalysis.firstLook.current,
      averageOrderValue: null,
      repeatRate: null,
      returningRevenueShare: null,
      refundRate: null,
      unknownRevenueShare: null,
      profit: null,
    },
    otherCurrencies: [],
    months: [],
    bySource: [],
    byCountry: [],
    byCategory: [],
    cohorts: [],
    hours: new Array<number>(168).fill(0),
  },
  quality: {
    ...fullAnalysis.quality,
    tables: [],
    findings: [],
    balance: [],
    representativeness: { knownRevenueShare: null, knownOrderShare: null, dimensions: [], because },
    sinceLastImport: [],
    cleaning: [],
  },
  segments: {
    ...fullAnalysis.segments,
    currency: null,
    rfm: { found: false, reason: because },
    discovered: { found: false, reason: 'there are no clusters here: shuffled data look the same', candidates: [] },
    families: [],
    rules: [],
  },
  predictions: { lapse: { found: false, because }, lifetime: { found: false, because } },
  recommendations: { found: false, because },
  plan: [],
  timings: [],
  elapsedSeconds: null,
}

/** Parts of texts that a careless page would take for its own markup, or be torn apart by. */
const hostileParts = [
  '<script>window.wasRun = true</script>',
  '"><img src=x onerror="window.wasRun=true">',
  "' onmouseover='window.wasRun=true",
  '</script><script>window.wasRun=true</script><!--',
  '{{constructor.constructor("window.wasRun=true")()}}',
  '\u202Eמבצע סוף עונה\u202D {a} {b|c}',
  '👩‍👩‍👧‍👦🧥'.repeat(12),
  'Ünbrechbar'.repeat(30),
] as const

/** Texts that are a choice from a fixed list, or an identifier that the formats depend on. */
const fixed = new Set([
  'currency',
  'timezone',
  'family',
  'severity',
  'type',
  'model',
  'month',
  'unit',
  'kind',
  'method',
])

/** The same analysis with every free text replaced by something hostile; texts that are equal stay equal. */
export function withHostileTexts(analysis: Analysis): Analysis {
  const given = new Map<string, string>()
  const hostile = (text: string): string => {
    const known = given.get(text)
    if (known !== undefined) return known
    const made = `${hostileParts[given.size % hostileParts.length]} ${given.size}`
    given.set(text, made)
    return made
  }
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return fixed.has(key) ? value : hostile(value)
    if (Array.isArray(value)) return value.map((inner) => walk(inner, key))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, isGoalId(value, name) ? inner : walk(inner, name)]),
    )
  }
  return walk(analysis, '') as Analysis
}

const isGoalId = (owner: object, name: string): boolean => name === 'id' && 'action' in owner
