import type { Random } from '@rapport/numerics'
import type { Life } from './life.ts'
import { eventCode } from './record.ts'
import { textCode } from './texts.ts'
import type { Shop, Visitor } from './visit.ts'

/** What a customer may agree to, in the order of the bits of `consents`. */
export const purposes = [
  'analytics',
  'profiling',
  'personalization',
  'marketing.email',
  'marketing.social',
  'marketing.ads',
] as const

export const emailBit = 1 << purposes.indexOf('marketing.email')
const profilingBit = 1 << purposes.indexOf('profiling')
const allBits = (1 << purposes.length) - 1

export const genders = ['female', 'male', 'diverse'] as const
export const educations = ['secondary', 'vocational', 'bachelor', 'master', 'doctorate'] as const
export const firstNames = [
  ['Anna', 'Maria', 'Julia', 'Laura', 'Sofia', 'Emma', 'Lena', 'Nora', 'Clara', 'Ida', 'Paula', 'Mira'],
  ['Paul', 'Jonas', 'Lukas', 'David', 'Felix', 'Simon', 'Anton', 'Oskar', 'Emil', 'Noah', 'Karl', 'Tom'],
  ['Alex', 'Robin', 'Kim', 'Sascha', 'Charlie', 'Jo', 'Luca', 'Toni', 'Eike', 'Nikola', 'Sam', 'Mika'],
] as const
export const lastNames = [
  'Adler',
  'Berger',
  'Clausen',
  'Dietrich',
  'Ebert',
  'Fischer',
  'Graf',
  'Hartmann',
  'Iversen',
  'Jansen',
  'Keller',
  'Lorenz',
  'Meier',
  'Neumann',
  'Otto',
  'Peters',
  'Quandt',
  'Richter',
  'Schulz',
  'Thiel',
  'Ullrich',
  'Vogel',
  'Winter',
  'Zimmer',
] as const
export const otherCountries = ['Austria', 'Netherlands', 'France', 'Denmark'] as const

const yearsOfSeconds = 31_557_600
const secondsPerDay = 86_400
const eveningSeconds = 20 * 3600

/** What a customer agrees to at sign-up, as bits of `purposes`, and when all of it is taken back. */
export interface Consents {
  readonly granted: number
  /** Seconds since 1970; Infinity when never. */
  readonly leavesAt: number
}

export function drawConsents(shop: Shop, visitor: Visitor, life: Life, random: Random): Consents {
  const email = shop.scenario.types[visitor.latent.type]!.email.consent
  // Everybody agrees to profiling, and nobody takes that back: what is found is compared with the truth about all.
  const chances = [0.98, 1, 0.88, email, 0.45, 0.34]
  const granted = chances.reduce((bits, chance, bit) => (random.uniform() < chance ? bits | (1 << bit) : bits), 0)
  const leavesAt = shop.calendar.midnight[life.firstDay]! + (5 + random.integer(500)) * secondsPerDay + eveningSeconds
  const leaves = random.uniform() < 0.025 && leavesAt < shop.calendar.endSeconds
  return { granted, leavesAt: leaves ? leavesAt : Infinity }
}

/**
 * Writes the customer's row: traits with gaps (the young leave out more), consents and what was withdrawn.
 *
 * @param unsubscribedAt seconds, −1 when never
 */
export function describe(
  shop: Shop,
  visitor: Visitor,
  life: Life,
  { granted, leavesAt }: Consents,
  unsubscribedAt: number,
  random: Random,
): void {
  const { scenario, calendar, record } = shop
  const type = scenario.types[visitor.latent.type]!
  const end = calendar.endSeconds
  const age = Math.min(88, Math.max(18, type.age.mean + type.age.spread * random.normal()))
  const shy = age < 30 ? 0.5 : age < 50 ? 0.28 : 0.12
  const known = (missing: number, value: number): number => (random.uniform() < missing ? -1 : value)
  const gender = random.uniform() < 0.01 ? 2 : random.uniform() < type.womenShare ? 0 : 1
  const income = scenario.incomeUsual * type.income * Math.exp(0.35 * random.normal()) * (age < 26 ? 0.6 : 1)
  const learning = Math.round(1.4 + 0.6 * Math.log(income / scenario.incomeUsual) + random.normal())
  const created = calendar.midnight[life.firstDay]!
  // A few take everything else back; many more only the emails.
  const leaves = leavesAt < Infinity
  const withdrawn = leaves ? allBits & ~profilingBit : unsubscribedAt > 0 ? emailBit : 0
  record.customers.append(
    visitor.customer,
    created,
    random.integer(firstNames[0].length),
    random.integer(lastNames.length),
    known(shy * 0.4, gender),
    known(shy, Math.floor((end - age * yearsOfSeconds) / secondsPerDay)),
    random.uniform() < 0.91 ? 0 : 1 + random.integer(otherCountries.length),
    random.integer(scenario.regions.length),
    known(Math.min(0.9, shy + 0.2), Math.round(income / 100) * 100),
    known(shy, Math.min(educations.length - 1, Math.max(0, learning))),
    random.uniform() < 0.55 ? random.integer(10_000_000) : -1,
    granted,
    withdrawn & granted,
    leaves ? leavesAt : unsubscribedAt,
  )
  answerSurvey(shop, visitor, created, 0.4 * (1 - shy), random)
}

function answerSurvey(shop: Shop, visitor: Visitor, created: number, chance: number, random: Random): void {
  const { scenario, calendar, record } = shop
  if (random.uniform() >= chance) return
  const seconds = created + Math.floor(random.uniform() * (calendar.endSeconds - created))
  const { unhappy } = scenario.types[visitor.latent.type]!
  const mood = random.uniform() < unhappy ? 0 : random.uniform() < 0.4 ? 1 : 2
  const score = mood === 0 ? random.integer(7) : mood === 1 ? 7 + random.integer(2) : 9 + random.integer(2)
  const body = random.uniform() < 0.6 ? textCode('survey', mood, random) : -1
  record.events.append(visitor.customer, eventCode.survey, seconds, -1, -1, -1, -1, -1, body, score)
}
