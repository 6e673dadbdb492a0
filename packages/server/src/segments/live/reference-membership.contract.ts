import type { FeatureDefinition, FeatureExpression } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { type FactHistory, type FeatureValue, interpretDefined } from '../../features/defined/interpret.ts'
import type { Plan } from '../../features/defined/plan.ts'
import { planFeatures } from '../../features/defined/plan-features.ts'
import type { LiveRule } from '../../rules/index.ts'
import { eventExpression } from './event-expression.ts'
import type { SegmentDefinition } from './segment-definition.ts'

/** Everything that there is to know, whenever it becomes known. */
export interface World {
  readonly segments: readonly SegmentDefinition[]
  readonly features: readonly FeatureDefinition[]
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
  readonly history: FactHistory
}

/** Whether a customer is in a segment at a moment, read straight off its rule: slow, and what live segments must equal. */
export function isMemberByReference(world: World, segment: string, customer: string, asOf: Instant): boolean {
  const { rule } = world.segments.find(({ id }) => id === segment)!
  return rule === null ? (world.lists.get(segment)?.has(customer) ?? false) : holds(rule, world, customer, asOf)
}

function holds(rule: LiveRule, world: World, customer: string, asOf: Instant): boolean {
  const part = (one: LiveRule): boolean => holds(one, world, customer, asOf)
  if ('all' in rule) return rule.all.every(part)
  if ('any' in rule) return rule.any.some(part)
  if ('not' in rule) return !rule.not.some(part)
  if ('segment' in rule) return isMemberByReference(world, rule.segment, customer, asOf)
  const read = (expression: FeatureExpression): FeatureValue => interpreted(expression, world, customer, asOf)
  if ('event' in rule) {
    const { atLeast = 0, atMost = Infinity } = rule.count ?? { atLeast: 1 }
    const n = read(eventExpression(rule, '')) as number
    return n >= atLeast && n <= atMost
  }
  if ('anniversary' in rule) return isSoon(read({ trait: rule.anniversary, as: 'text' }), rule.withinDays, world, asOf)
  const { op, value } = rule
  const operands = [value].flat()
  const said =
    'age' in rule
      ? ageOf(read({ trait: rule.age, as: 'text' }), world, asOf)
      : 'score' in rule
        ? read({ score: rule.score })
        : 'trait' in rule
          ? read({ trait: rule.trait, as: typeof operands[0] === 'number' ? 'number' : 'text' })
          : read(typeof rule.feature === 'string' ? { feature: rule.feature } : rule.feature)
  if (said === null) return op === 'missing'
  const operand = operands[0] as number
  const outcomes: Record<string, () => boolean> = {
    missing: () => false,
    known: () => true,
    in: () => operands.includes(said),
    '=': () => said === operand,
    '!=': () => said !== operand,
    '>': () => (said as number) > operand,
    '>=': () => (said as number) >= operand,
    '<': () => (said as number) < operand,
    '<=': () => (said as number) <= operand,
  }
  return outcomes[op]!()
}

const plans = new Map<string, Plan>()

function interpreted(
  value: FeatureExpression,
  { features, history }: World,
  customer: string,
  asOf: Instant,
): FeatureValue {
  const form = JSON.stringify([value, features])
  let plan = plans.get(form)
  if (plan === undefined) {
    plan = planFeatures([...features, { name: 'it', label: 'it', entity: 'customer', value }])
    plans.set(form, plan)
  }
  const own = { ...history, facts: history.facts.filter(({ customerId }) => customerId === customer) }
  return interpretDefined(plan, 'it', own, [customer], asOf)
}

/** `2026-03-29` */
const dateOf = (zone: string, at: Instant): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

const born = /^\d{4}-\d{2}-\d{2}$/

function ageOf(value: FeatureValue, { history }: World, asOf: Instant): number | null {
  if (typeof value !== 'string' || !born.test(value)) return null
  const today = dateOf(history.timezone, asOf)
  const years = Number(today.slice(0, 4)) - Number(value.slice(0, 4)) - (today.slice(5) < value.slice(5) ? 1 : 0)
  return years < 0 ? null : years
}

function isSoon(value: FeatureValue, withinDays: number, { history }: World, asOf: Instant): boolean {
  if (typeof value !== 'string' || !born.test(value)) return false
  const today = dateOf(history.timezone, asOf)
  // Day by day, as one would count on a calendar.
  for (let ahead = 0; ahead <= withinDays; ahead += 1) {
    const day = new Date(Date.parse(`${today}T00:00:00Z`) + ahead * 86_400_000)
    const text = day.toISOString().slice(5, 10)
    const leapless =
      text === '03-01' && value.slice(5) === '02-29' && new Date(day.getTime() - 86_400_000).getUTCDate() !== 29
    if (text === value.slice(5) || leapless) return true
  }
  return false
}
