import type { ImportKind, Target } from '@rapport/protocol'
import { isDates } from './ask-of-values.ts'
import { nameFits } from './header-words.ts'
import type { ColumnProfile } from './profile-columns.ts'
import { weighty } from './target-weights.ts'
import { valueFits } from './value-fits.ts'

/** Below this a name only hints, and the user is asked. */
export const sure = 0.6
export const possible = 0.35

export interface Candidate {
  readonly target: Target
  readonly profile: ColumnProfile
  readonly score: number
  /** The source as it was written, with its hints. Default: the column's name. */
  readonly written?: string
  /** In place of what its score and values say. */
  readonly why?: string
}

/**
 * Chooses a column for each target by its name, where its values do not speak against it.
 *
 * @param settled targets that need none
 * @param taken columns that are not to be had
 * @param questions gets what names leave open
 */
export function chooseByNames(
  kind: ImportKind,
  targets: readonly Target[],
  profiles: readonly ColumnProfile[],
  settled: ReadonlySet<string>,
  taken: ReadonlySet<string>,
  questions: string[],
): Map<string, Candidate> {
  const hasOneDate = profiles.filter(isDates).length === 1
  const candidates = profiles
    .filter(({ name }) => !taken.has(name))
    .flatMap((profile) => {
      const fits = nameFits(kind, profile.name)
      return targets.map((target) => {
        const fit = valueFits(target, profile) ? (fits.get(target.name) ?? 0) : 0
        // The only column of dates needs no better name than one that hints at it.
        const isOnlyDate = target.name === 'occurred_at' && hasOneDate && fit >= possible
        return { target, profile, score: isOnlyDate ? Math.max(fit, 0.8) : fit }
      })
    })
    .filter(
      ({ score, target }) =>
        !settled.has(target.name) && score >= (weighty[kind].includes(target.name) ? possible : sure),
    )
  return chooseColumns(kind, targets, withEmails(kind, targets, profiles, candidates, settled, taken), questions)
}

/** Where no other column names the customer, email addresses do. */
function withEmails(
  kind: ImportKind,
  targets: readonly Target[],
  profiles: readonly ColumnProfile[],
  candidates: readonly Candidate[],
  settled: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): readonly Candidate[] {
  const target = targets.find(({ name }) => name === 'customer_id')
  if ((kind !== 'orders' && kind !== 'events') || !target || settled.has(target.name)) return candidates
  const isEmail = ({ emails }: ColumnProfile): boolean => emails > 0.8
  const isNamed = candidates.some((one) => one.target === target && one.score >= sure && !isEmail(one.profile))
  if (isNamed) return candidates
  const emails = profiles.filter((profile) => isEmail(profile) && !taken.has(profile.name))
  return [
    ...candidates.filter((one) => one.target !== target),
    ...emails.map((profile) => ({ target, profile, score: 0.7, why: 'nothing else names the customer' })),
  ]
}

/** The best candidate of each target, each column once; equal ones of a weighty target become a question. */
function chooseColumns(
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
export function settleAmounts(chosen: Map<string, Candidate>): void {
  if (chosen.has('quantity') && chosen.has('unit_price')) chosen.delete('amount')
}
