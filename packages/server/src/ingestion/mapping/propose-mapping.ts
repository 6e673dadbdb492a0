import { type ImportKind, type MappedColumn, type MappingProposal, type Target, targetsOf } from '@rapport/protocol'
import type { Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { decideDateFormat } from './date-format.ts'
import { nameFits } from './header-words.ts'
import { type ColumnProfile, profileColumns } from './profile-columns.ts'
import { valueFits } from './value-fits.ts'

/** Below this a name only hints, and the user is asked. */
const sure = 0.6
const possible = 0.35

interface Candidate {
  readonly target: Target
  readonly profile: ColumnProfile
  readonly score: number
}

/** Targets without which an import means nothing: each group needs one of its own. */
export const neededTargets: Readonly<Record<ImportKind, readonly (readonly string[])[]>> = {
  orders: [['occurred_at'], ['unit_price', 'amount']],
  events: [['occurred_at'], ['name']],
  customers: [['customer_id']],
  products: [['product_id']],
}

/** Targets of which a wrong source would do harm that nobody sees. */
const weighty: Readonly<Record<ImportKind, readonly string[]>> = {
  orders: [
    'occurred_at',
    'unit_price',
    'amount',
    'quantity',
    'order_id',
    'customer_id',
    'product_id',
    'refund',
    'discount',
  ],
  events: ['occurred_at', 'name', 'customer_id', 'message_id'],
  customers: ['customer_id', 'email', 'consent', 'marketing_email', 'marketing_social', 'marketing_ads'],
  products: ['product_id', 'price', 'unit_cost'],
}

/**
 * Proposes which column holds what, from the columns' names (in five languages) and values.
 *
 * A name alone never decides against the values: a column of dates is no id, text is no price. Where names leave a needed or
 * weighty target open between columns, or say nothing, the proposal asks; a mapping with questions is not to be taken.
 *
 * @param names source names: the i-th is column `c<i>` of the reader's view `source`
 * @param given what the user has said already: target → source
 */
export async function proposeMapping(
  reader: FileReader,
  kind: ImportKind,
  names: readonly string[],
  work?: Work,
  given: Readonly<Record<string, string>> = {},
): Promise<MappingProposal> {
  const profiles = await profileColumns(reader, names, work)
  const targets = targetsOf(kind).filter(({ type }) => type !== 'json')
  const dates = profiles.filter((profile) => isDates(profile))
  const candidates = profiles
    .flatMap((profile) => {
      const fits = nameFits(kind, profile.name)
      return targets.map((target) => {
        const fit = valueFits(target, profile) ? (fits.get(target.name) ?? 0) : 0
        // The only column of dates needs no better name than one that hints at it.
        const isOnlyDate = target.name === 'occurred_at' && dates.length === 1 && fit >= possible
        return { target, profile, score: isOnlyDate ? Math.max(fit, 0.8) : fit }
      })
    })
    .filter(({ score, target, profile }) => {
      const least = weighty[kind].includes(target.name) ? possible : sure
      const said = Object.entries(given).find(
        ([name, source]) => name === target.name || isSource(source, profile.name),
      )
      return said === undefined && score >= least
    })
  const questions: string[] = []
  const chosen = choose(kind, targets, candidates, questions)
  for (const [name, source] of Object.entries(given)) {
    const target = targets.find((one) => one.name === name)
    const profile = profiles.find((one) => isSource(source, one.name))
    if (target && profile) chosen.set(name, { target, profile, score: 1 })
  }
  if (kind === 'orders') settleAmounts(chosen)
  guessByValues(kind, targets, profiles, chosen, questions)
  askOfMisfits(kind, targets, profiles, chosen, questions)
  for (const group of neededTargets[kind]) {
    if (group.some((name) => chosen.has(name))) continue
    questions.push(`which column holds ${group.map((name) => `${name} (${docOf(targets, name)})`).join(' or ')}?`)
  }
  for (const { target, profile } of chosen.values()) {
    if (!profile.date?.isAmbiguous || target.type === 'text' || target.name in given) continue
    const whole = await decideDateFormat(reader, 'source', profile.column)
    if (whole?.isAmbiguous) {
      questions.push(
        `does ${profile.name} (${profile.sample.slice(0, 2).join(', ')}) write the day or the month first? ` +
          `${target.name}=${profile.name}:dd/mm or ${target.name}=${profile.name}:mm/dd`,
      )
    }
  }
  const taken = new Set([...chosen.values()].map(({ profile }) => profile.name))
  const scores = neededTargets[kind].map((group) => Math.max(0, ...group.map((name) => chosen.get(name)?.score ?? 0)))
  const columns = targets.flatMap(({ name }) => (chosen.has(name) ? [columnOf(chosen.get(name)!)] : []))
  return {
    kind,
    columns,
    unmapped: names.filter((name) => !taken.has(name)),
    confidence: Math.min(...scores, questions.length > 0 ? 0.5 : 1),
    questions,
  }
}

const isDates = ({ date }: ColumnProfile): boolean => date !== null && date.share > 0.8 && date.style !== 'spreadsheet'

/** Whether what a user wrote, perhaps with how its values read, is the column. */
const isSource = (written: string, name: string): boolean => written === name || written.startsWith(`${name}:`)

const docOf = (targets: readonly Target[], name: string): string =>
  targets.find((target) => target.name === name)?.doc ?? name

/** The best candidate of each target, each column once; equal ones of a weighty target become a question. */
function choose(
  kind: ImportKind,
  targets: readonly Target[],
  candidates: readonly Candidate[],
  questions: string[],
): Map<string, Candidate> {
  const chosen = new Map<string, Candidate>()
  const taken = new Set<string>()
  const rank = new Map(targets.map(({ name }, index) => [name, index]))
  const ordered = [...candidates].sort(
    (one, other) => other.score - one.score || rank.get(one.target.name)! - rank.get(other.target.name)!,
  )
  for (const candidate of ordered) {
    const { target, profile, score } = candidate
    if (chosen.has(target.name) || taken.has(profile.name)) continue
    chosen.set(target.name, candidate)
    taken.add(profile.name)
    if (!weighty[kind].includes(target.name)) continue
    const rivals = ordered.filter(
      (one) =>
        one.target === target && one.profile !== profile && one.score > score - 0.04 && !taken.has(one.profile.name),
    )
    const unclaimed = rivals.filter(
      (one) =>
        !ordered.some(
          (better) => better.profile === one.profile && better.target !== target && better.score > one.score,
        ),
    )
    if (unclaimed.length > 0) {
      const all = [profile, ...unclaimed.map((one) => one.profile)].map(({ name }) => name)
      questions.push(`which of ${all.join(', ')} is ${target.name} (${target.doc})?`)
    } else if (score < sure) {
      questions.push(`is ${profile.name} (${profile.sample.slice(0, 3).join(', ')}) ${target.name} (${target.doc})?`)
    }
  }
  return chosen
}

/** With a quantity and a price, a total beside them says nothing more: it may be that of the whole order. */
function settleAmounts(chosen: Map<string, Candidate>): void {
  if (chosen.has('quantity') && chosen.has('unit_price')) chosen.delete('amount')
}

/** Where names say nothing, values may leave one column only; that is asked, never taken. */
function guessByValues(
  kind: ImportKind,
  targets: readonly Target[],
  profiles: readonly ColumnProfile[],
  chosen: Map<string, Candidate>,
  questions: string[],
): void {
  const free = (): ColumnProfile[] =>
    profiles.filter((profile) => ![...chosen.values()].some((candidate) => candidate.profile === profile))
  const guess = (name: string, fits: (profile: ColumnProfile) => boolean): void => {
    if (chosen.has(name)) return
    const left = free().filter(fits)
    const target = targets.find((one) => one.name === name)
    if (!target || left.length !== 1) return
    chosen.set(name, { target, profile: left[0]!, score: 0.3 })
    questions.push(`is ${left[0]!.name} (${left[0]!.sample.slice(0, 3).join(', ')}) ${name} (${target.doc})?`)
  }
  if (kind === 'orders' || kind === 'events') guess('occurred_at', isDates)
  if (kind === 'orders' && !chosen.has('unit_price') && !chosen.has('amount')) {
    const isMoney = (profile: ColumnProfile): boolean =>
      profile.numeric > 0.95 && profile.whole < 0.9 && !isDates(profile)
    guess(chosen.has('quantity') ? 'unit_price' : 'amount', isMoney)
  }
  if (kind === 'customers') {
    guess('email', ({ emails }) => emails > 0.8)
    guess('customer_id', ({ uniqueness, filled, date }) => uniqueness === 1 && filled === 1 && date === null)
  }
  if (kind === 'products') guess('product_id', ({ uniqueness, filled }) => uniqueness === 1 && filled === 1)
}

/** A column that is called like a weighty target but does not look like it, or looks like an uncalled quantity, is asked for. */
function askOfMisfits(
  kind: ImportKind,
  targets: readonly Target[],
  profiles: readonly ColumnProfile[],
  chosen: ReadonlyMap<string, Candidate>,
  questions: string[],
): void {
  const taken = new Set([...chosen.values()].map(({ profile }) => profile))
  for (const profile of profiles) {
    if (taken.has(profile)) continue
    const show = `${profile.name} (${profile.sample.slice(0, 3).join(', ')})`
    const fits = nameFits(kind, profile.name)
    const misfit = targets.find(
      ({ name }) =>
        (weighty[kind].includes(name) || name === 'currency') &&
        name !== 'amount' &&
        !chosen.has(name) &&
        (fits.get(name) ?? 0) >= 0.95,
    )
    if (misfit) questions.push(`is ${show} ${misfit.name} (${misfit.doc})? its values do not look like it`)
    const isCount = profile.whole >= 0.95 && profile.filled > 0.9 && profile.most < 100_000 && profile.uniqueness < 0.2
    if (kind === 'orders' && chosen.has('unit_price') && !chosen.has('quantity') && !misfit && isCount) {
      questions.push(`is ${show} quantity (how many)? without one, every record counts as one piece`)
    }
  }
}

const columnOf = ({ target, profile, score }: Candidate): MappedColumn => ({
  target: target.name,
  source: profile.name,
  why: `${score >= 0.95 ? 'its name says so' : score >= sure ? 'its name is close' : 'its values look like it'}, ${likeness(profile)}`,
  sample: [...profile.sample.slice(0, 3)],
})

function likeness(profile: ColumnProfile): string {
  if (profile.filled === 0) return 'all empty'
  if (profile.date && profile.date.share > 0.8) return 'dates'
  if (profile.emails > 0.8) return 'email addresses'
  if (profile.numeric > 0.95) return profile.whole > 0.99 ? 'whole numbers' : 'numbers'
  return profile.uniqueness === 1 ? 'text, all different' : `text, ${profile.distinct} different`
}
