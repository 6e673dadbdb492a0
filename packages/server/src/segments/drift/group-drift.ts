import { columnOf, type Matrix, regularisedGammaUpper } from '@rapport/numerics'
import { type Spread, sharesBetween, spreadOf, stabilityOfShares } from '../../features/index.ts'

/** How customers lay when groups were fitted: plain data, without anybody's values. */
export interface GroupBasis {
  readonly customers: number
  readonly inputs: readonly { readonly name: string; readonly spread: Spread }[]
  readonly groups: readonly GroupPlace[]
}

interface GroupPlace {
  readonly customers: number
  /** `[columns]`; empty of classes that were taught, which have no middle that anybody is compared with. */
  readonly mean: readonly number[]
  /** Mean square of the distances of its customers to it. */
  readonly spread: number
}

/** How far something has moved, and whether chance would move it as far. */
export interface MovedPart {
  readonly of: string
  /** Population stability index; of the middle of a group how many of its customers' typical distances it moved. */
  readonly by: number
  readonly verdict: 'steady' | 'moved' | 'shifted'
}

/** What moved since groups were fitted. */
export interface GroupDrift {
  readonly isAlarm: boolean
  /** Of the shares of the groups, those in none included. */
  readonly shares: MovedPart
  /** Of each group's middle, in the order of the groups; none of classes that were taught. */
  readonly middles: readonly MovedPart[]
  /** The ten inputs that moved most. */
  readonly inputs: readonly MovedPart[]
}

/** What customers are compared by, and the group of each; −1 is none. */
export interface Grouped {
  readonly data: Matrix
  /** `[columns]` */
  readonly names: readonly string[]
  /** `[n]` */
  readonly labels: Int32Array
}

export const basisOfGroups = ({ data, names, labels }: Grouped, groups: number): GroupBasis => ({
  customers: data.rows,
  inputs: names.map((name, column) => ({ name, spread: spreadOf(columnOf(data, column)) })),
  groups: placesOf(data, labels, groups),
})

function placesOf({ columns, values }: Matrix, labels: Int32Array, groups: number): GroupPlace[] {
  return Array.from({ length: groups }, (_, group) => {
    const mean = new Float64Array(columns)
    let customers = 0
    let squares = 0
    labels.forEach((label, row) => {
      if (label !== group) return
      customers += 1
      for (let column = 0; column < columns; column += 1) {
        const value = values[row * columns + column]!
        mean[column]! += value
        squares += value * value
      }
    })
    const n = Math.max(1, customers)
    for (let column = 0; column < columns; column += 1) mean[column]! /= n
    const middle = mean.reduce((sum, value) => sum + value * value, 0)
    return { customers, mean: [...mean], spread: Math.max(0, squares / n - middle) }
  })
}

/** The chance of a false alarm of all that is looked at together. */
const falseAlarmRate = 0.01
/** Population stability indices from which on inputs and shares count as moved, and as shifted (Siddiqi 2006). */
const psiLevels = [0.1, 0.25] as const
/** The same of middles, in typical distances: small and medium effects (Cohen 1988). */
const middleLevels = [0.2, 0.5] as const
/** A group that has fewer than half of its share left, or more than twice as much, is another one, whatever the index says of all. */
const timesMost = 2
/** Of groups smaller than this, then and now, that is no news. */
const leastShare = 0.05

/**
 * What moved: inputs and shares by the population stability index, shares also where one group halved or doubled, and middles
 * by how far they are from where they were. Each counts only where chance moves that much in fewer than one of a hundred looks at everything together (Bonferroni): small samples
 * have large indices without any drift. What chance does is told of shares by Pearson's chi-square of two samples, and of the
 * square of a middle's way by a chi-square of one, times its variance: it is at most as wide.
 *
 * Source: Siddiqi, "Credit risk scorecards", 2006; Yurdakul, "Statistical properties of population stability index", 2018;
 * Cohen, "Statistical power analysis for the behavioral sciences", 1988.
 */
export function driftOfGroups(basis: GroupBasis, now: Grouped, groupNames: readonly string[]): GroupDrift {
  const withMiddles = basis.groups.filter(({ mean }) => mean.length > 0)
  const level = falseAlarmRate / (basis.inputs.length + withMiddles.length + 1 + basis.groups.length)
  const [n, m] = [Math.max(1, basis.customers), Math.max(1, now.data.rows)]
  const moved = (of: string, before: readonly number[], after: readonly number[]): MovedPart => {
    const psi = stabilityOfShares(before, after)
    return { of, by: psi, verdict: verdictOf(psi, psiLevels, chanceOfShares(before, n, after, m) < level) }
  }
  const inputs = basis.inputs.map(({ name, spread }, column) =>
    moved(name, spread.shares, sharesBetween(columnOf(now.data, column), spread.edges)),
  )
  const places = placesOf(now.data, now.labels, basis.groups.length)
  const [before, after] = [sharesOf(basis.groups, basis.customers), sharesOf(places, now.data.rows)]
  const isOther = before.some((then, group) => {
    const later = after[group]!
    const [less, more] = then < later ? [then, later] : [later, then]
    if (more < leastShare || more <= timesMost * less) return false
    return chanceOfShares([then, 1 - then], n, [later, 1 - later], m) < level
  })
  const ofAll = moved('shares of the groups', before, after)
  const shares: MovedPart = isOther ? { ...ofAll, verdict: 'shifted' } : ofAll
  const middles = withMiddles.map((then, group) => middleMoved(groupNames[group]!, then, places[group]!, level))
  return {
    isAlarm: [shares, ...middles, ...inputs].some(({ verdict }) => verdict === 'shifted'),
    ...{ shares, middles },
    inputs: [...inputs].sort((left, right) => right.by - left.by).slice(0, 10),
  }
}

/** Of each group, then of those in none. */
function sharesOf(places: readonly GroupPlace[], all: number): readonly number[] {
  const own = places.map(({ customers }) => customers / Math.max(1, all))
  return [...own, Math.max(0, 1 - own.reduce((sum, share) => sum + share, 0))]
}

function middleMoved(of: string, then: GroupPlace, now: GroupPlace, level: number): MovedPart {
  if (then.customers === 0 || now.customers === 0) return { of, by: 0, verdict: 'steady' }
  const square = then.mean.reduce((sum, value, column) => sum + (value - now.mean[column]!) ** 2, 0)
  const spread = (then.spread + now.spread) / 2
  if (spread === 0)
    return { of, by: square > 0 ? Number.POSITIVE_INFINITY : 0, verdict: square > 0 ? 'shifted' : 'steady' }
  const chance = chiSquareAbove(square / (spread * (1 / then.customers + 1 / now.customers)), 1)
  const by = Math.sqrt(square / spread)
  return { of, by, verdict: verdictOf(by, middleLevels, chance < level) }
}

/** How likely two samples of one crowd have shares as different (Pearson's chi-square of homogeneity). */
function chanceOfShares(before: readonly number[], n: number, after: readonly number[], m: number): number {
  let [square, bins] = [0, 0]
  before.forEach((share, bin) => {
    const [one, other] = [share * n, after[bin]! * m]
    if (one + other === 0) return
    bins += 1
    square += (Math.sqrt(m / n) * one - Math.sqrt(n / m) * other) ** 2 / (one + other)
  })
  return bins < 2 ? 1 : chiSquareAbove(square, bins - 1)
}

const chiSquareAbove = (value: number, free: number): number => regularisedGammaUpper(free / 2, value / 2)

function verdictOf(by: number, [moved, shifted]: readonly [number, number], isReal: boolean): MovedPart['verdict'] {
  if (!isReal || by < moved) return 'steady'
  return by < shifted ? 'moved' : 'shifted'
}

/** What an alarm says, for a marketer; none where there is none. @param isTaught of a family that was taught, not found */
export function driftWords(
  { isAlarm, shares, middles, inputs }: GroupDrift,
  family: string,
  isTaught = false,
): readonly string[] {
  if (!isAlarm) return []
  const far = ({ verdict }: MovedPart): boolean => verdict === 'shifted'
  const parts = [
    ...(far(shares)
      ? [`how many are in each ${isTaught ? 'class' : 'group'} (stability index ${shares.by.toFixed(2)})`]
      : []),
    ...middles.filter(far).map(({ of, by }) => `the middle of ${of} (by ${by.toFixed(1)} typical distances)`),
    ...inputs.filter(far).map(({ of, by }) => `${of} (stability index ${by.toFixed(2)})`),
  ]
  const named = parts.length > 5 ? [...parts.slice(0, 5), `${parts.length - 5} more`] : parts
  if (isTaught)
    return [
      `Customers are not as they were when ${family} was taught: ${named.join(', ')} moved. Teach it again with labels of now.`,
    ]
  return [
    `Customers are not as they were when the groups were found: ${named.join(', ')} moved. rapport segments refit ${family} shows what would be found now, and which group is which.`,
  ]
}
