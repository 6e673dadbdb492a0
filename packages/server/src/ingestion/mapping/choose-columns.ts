import type { ImportKind, Target } from '@rapport/protocol'
import type { ColumnProfile } from './profile-columns.ts'
import { weighty } from './target-weights.ts'

/** Below this a name only hints, and the user is asked. */
export const sure = 0.6
export const possible = 0.35

export interface Candidate {
  readonly target: Target
  readonly profile: ColumnProfile
  readonly score: number
}

/** The best candidate of each target, each column once; equal ones of a weighty target become a question. */
export function chooseColumns(
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
