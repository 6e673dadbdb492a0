import { holm } from '@rapport/learn'
import { normalCdf } from '@rapport/numerics'

/** A share of money (refunds of revenue, discounts of list prices) as sums over customers, in units of the currency. */
export interface MoneyShare {
  readonly part: number
  readonly whole: number
  /** Sums over customers of part², part × whole and whole². */
  readonly parts2: number
  readonly crossed: number
  readonly wholes2: number
}

/** In how many shops where all groups are alike one of them may be called different: 5 %, half for each kind of segments. */
const errorShare = 0.05 / 2

/** Customers below which the normal curve tells too little of a sum of money. */
const customersMin = 30

/**
 * Whether each group's share is above everyone's by more than chance: a z test between customers, since the orders of
 * one go together, with Holm's bound over all groups.
 *
 * @returns `[groups]` false where a group is too small to tell
 */
export function aboveEveryones(
  groups: readonly { readonly customers: number; readonly share: MoneyShare }[],
): boolean[] {
  const whole = groups.reduce((sum, { share }) => sum + share.whole, 0)
  const everyones = whole > 0 ? groups.reduce((sum, { share }) => sum + share.part, 0) / whole : 0
  const chances = groups.map(({ customers, share }) => (customers < customersMin ? 1 : chanceAbove(share, everyones)))
  return Array.from(holm(chances), (chance) => chance <= errorShare)
}

function chanceAbove({ part, whole, parts2, crossed, wholes2 }: MoneyShare, everyones: number): number {
  const variance = parts2 - 2 * everyones * crossed + everyones * everyones * wholes2
  return variance > 0 ? normalCdf(-(part - everyones * whole) / Math.sqrt(variance)) : 1
}
