import { distributionTail } from '../distributions/distribution.ts'
import { momentsOf } from './sample.ts'

/** What comparing several means found. */
export type Anova =
  | {
      readonly defined: true
      readonly f: number
      /** Groups less one, and rows less groups. */
      readonly freedom: number
      readonly freedomBelow: number
      readonly pValue: number
      /** Share of the variance that lies between groups, 0 … 1. */
      readonly explained: number
    }
  | {
      readonly defined: false
      /** `too-few-groups`: fewer than two, or an empty one. `too-few-rows`: no group has two. `no-variation` inside any group. */
      readonly because: 'too-few-groups' | 'too-few-rows' | 'no-variation'
    }

/**
 * Whether any of several groups has another mean than the rest: one-way analysis of variance, spreads taken for equal.
 *
 * @param groups values of each group, finite
 * @throws RapportError `anova.values`
 *
 * Source: Fisher, "Statistical methods for research workers", 1925; as scipy's `f_oneway`.
 *
 * @example
 * oneWayAnova([[1, 2, 3], [2, 3, 4], [5, 6, 7]]) // f 13, pValue 0.0066…
 */
export function oneWayAnova(groups: readonly ArrayLike<number>[]): Anova {
  const moments = groups.map((group) => momentsOf('anova', group))
  if (groups.length < 2 || moments.some(({ n }) => n === 0)) return { defined: false, because: 'too-few-groups' }
  const rows = moments.reduce((sum, { n }) => sum + n, 0)
  const [freedom, freedomBelow] = [groups.length - 1, rows - groups.length]
  if (freedomBelow < 1) return { defined: false, because: 'too-few-rows' }
  const mean = moments.reduce((sum, group) => sum + (group.n / rows) * group.mean, 0)
  const between = moments.reduce((sum, group) => sum + group.n * (group.mean - mean) ** 2, 0)
  const within = moments.reduce((sum, { n, variance }) => sum + (n - 1) * variance, 0)
  if (!(within > 0)) return { defined: false, because: 'no-variation' }
  const f = between / freedom / (within / freedomBelow)
  const pValue = distributionTail({ kind: 'f', freedom, freedomBelow }, f)
  return { defined: true, f, freedom, freedomBelow, pValue, explained: between / (between + within) }
}
