import type { ImportKind, Target } from '@rapport/protocol'
import type { Candidate } from './choose-columns.ts'
import { nameFits } from './header-words.ts'
import type { ColumnProfile } from './profile-columns.ts'
import { weighty } from './target-weights.ts'

/** Whether a column of moments is one without its name. */
export const isDates = ({ date }: ColumnProfile): boolean =>
  date !== null && date.share > 0.8 && date.style !== 'spreadsheet'

/** Where names say nothing, values may leave one column only; that is asked, never taken. */
export function guessByValues(
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
export function askOfMisfits(
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
