import { checkList, RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

/** What the purchase models know of each customer. All arrays have one value a customer; one unit of time throughout. */
export interface CustomerSummaries {
  /** `[n]` repeat purchases: periods with a purchase after the first one; whole numbers ≥ 0. */
  readonly frequency: Float64Array
  /** `[n]` time from the first purchase to the last; 0 when there was only one. */
  readonly recency: Float64Array
  /** `[n]` time from the first purchase to the end of observation; ≥ recency. */
  readonly age: Float64Array
  /** `[n]` how many customers each row stands for, > 0. Default 1 each. */
  readonly weights?: Float64Array
}

/** Why a lifetime model could not be fitted: a result to show, not a mistake of the caller. */
export interface Unfitted {
  readonly kind: 'unfitted'
  readonly because: 'one-time-buyers' | 'too-few-repeat-buyers' | 'equal-spend' | 'flat-likelihood'
  /** The reason in words, with the numbers. */
  readonly message: string
}

/** Fewer repeat buyers than this say nothing about how customers differ. */
export const repeatBuyersMin = 10

/**
 * Refuses summaries that cannot be a purchase history.
 *
 * @throws RapportError `lifetime.shape` when the arrays differ in length or are empty; `lifetime.frequency`,
 * `lifetime.recency`, `lifetime.age`, `lifetime.weights` when a value is impossible, with its row
 */
export function checkSummaries({ frequency, recency, age, weights }: CustomerSummaries): void {
  for (const [name, values] of Object.entries({ frequency, recency, age, ...(weights && { weights }) })) {
    checkList(`lifetime.${name}`, name, values)
  }
  const n = frequency.length
  if (n === 0 || recency.length !== n || age.length !== n || (weights !== undefined && weights.length !== n)) {
    const got = [n, recency.length, age.length, ...(weights === undefined ? [] : [weights.length])].join(', ')
    throw new RapportError('lifetime.shape', `arrays must have one equal length of at least 1, got ${got}`)
  }
  for (let row = 0; row < n; row += 1) {
    const [x, last, end] = [frequency[row]!, recency[row]!, age[row]!]
    if (!(Number.isInteger(x) && x >= 0)) {
      throw new RapportError('lifetime.frequency', `frequency must be a whole number ≥ 0, got ${x} at row ${row}`)
    }
    if (!(end >= 0 && end < Infinity)) {
      throw new RapportError('lifetime.age', `age must be a finite number ≥ 0, got ${end} at row ${row}`)
    }
    if (!(last >= 0 && last <= end)) {
      throw new RapportError('lifetime.recency', `recency must be from 0 to the age, ${end}, got ${last} at row ${row}`)
    }
    if (x === 0 ? last !== 0 : last === 0) {
      const must = x === 0 ? 'recency must be 0 where frequency is 0' : 'recency must be above 0 where frequency is'
      throw new RapportError('lifetime.recency', `${must}, got frequency ${x}, recency ${last} at row ${row}`)
    }
    if (weights !== undefined && !(weights[row]! > 0 && weights[row]! < Infinity)) {
      throw new RapportError(
        'lifetime.weights',
        `weights must be finite and above 0, got ${weights[row]} at row ${row}`,
      )
    }
  }
  if (weights !== undefined) checkTotalWeight('lifetime.weights', weights)
}

/** Says so when there are too few repeat buyers for a fit, undefined when there are enough. */
export function reasonNotToFit({ frequency }: CustomerSummaries): Unfitted | undefined {
  const repeat = frequency.reduce((count, x) => count + (x > 0 ? 1 : 0), 0)
  if (repeat === 0) {
    const message = `none of ${frequency.length} customers bought again, so nothing is known about how often they do`
    return { kind: 'unfitted', because: 'one-time-buyers', message }
  }
  if (repeat < repeatBuyersMin) {
    const message = `at least ${repeatBuyersMin} customers must have bought again, ${repeat} of ${frequency.length} did`
    return { kind: 'unfitted', because: 'too-few-repeat-buyers', message }
  }
  return undefined
}

/** Distinct rows of summaries, each with the customers it stands for. */
export interface SummaryGroups {
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
  readonly weights: Float64Array
  /** Sum of the weights: customers. */
  readonly n: number
  /** `[customers]` the group of each. */
  readonly groupOf: Uint32Array
  /** The distinct frequencies, and for every group which one is its. */
  readonly frequencies: Float64Array
  readonly frequencyOf: Uint32Array
}

/**
 * Joins customers with equal frequency, recency and age, in order of their first appearance.
 *
 * Cost: O(n), an open hash table over the bits of the three numbers.
 */
export function groupSummaries({ frequency, recency, age, weights }: CustomerSummaries): SummaryGroups {
  const n = frequency.length
  let capacity = 16
  while (capacity < 2 * n) capacity *= 2
  const slots = new Int32Array(capacity).fill(-1)
  const first = new Uint32Array(n)
  const sums = new Float64Array(n)
  const groupOf = new Uint32Array(n)
  const numbers = new Float64Array(3)
  const bits = new Uint32Array(numbers.buffer)
  let groups = 0
  let total = 0
  for (let row = 0; row < n; row += 1) {
    numbers[0] = frequency[row]!
    numbers[1] = recency[row]!
    numbers[2] = age[row]!
    let hash = 0
    for (let at = 0; at < 6; at += 1) hash = Math.imul(hash ^ bits[at]!, 0x9e3779b1) ^ (hash >>> 15)
    let slot = (hash ^ (hash >>> 13)) & (capacity - 1)
    for (;;) {
      const group = slots[slot]!
      if (group < 0) {
        slots[slot] = groups
        first[groups] = row
        groups += 1
        break
      }
      const at = first[group]!
      if (frequency[at] === frequency[row] && recency[at] === recency[row] && age[at] === age[row]) break
      slot = (slot + 1) & (capacity - 1)
    }
    const group = slots[slot]!
    groupOf[row] = group
    sums[group]! += weights?.[row] ?? 1
    total += weights?.[row] ?? 1
  }
  const take = (values: Float64Array): Float64Array =>
    Float64Array.from(first.subarray(0, groups), (row) => values[row]!)
  const groupFrequency = take(frequency)
  const { frequencies, frequencyOf } = distinct(groupFrequency)
  return {
    frequency: groupFrequency,
    recency: take(recency),
    age: take(age),
    weights: sums.slice(0, groups),
    n: total,
    groupOf,
    frequencies,
    frequencyOf,
  }
}

/** Every so manieth group, so that `groupsMax` are left: enough to tell good starts of a fit from bad ones. */
export function thinGroups(groups: SummaryGroups, groupsMax: number): SummaryGroups {
  const stride = Math.ceil(groups.frequency.length / groupsMax)
  if (stride <= 1) return groups
  const take = (values: Float64Array): Float64Array => values.filter((_, group) => group % stride === 0)
  const frequency = take(groups.frequency)
  const weights = take(groups.weights)
  return {
    frequency,
    recency: take(groups.recency),
    age: take(groups.age),
    weights,
    n: weights.reduce((sum, weight) => sum + weight, 0),
    groupOf: new Uint32Array(0),
    ...distinct(frequency),
  }
}

function distinct(frequency: Float64Array): { frequencies: Float64Array; frequencyOf: Uint32Array } {
  const seen = new Map<number, number>()
  const frequencyOf = Uint32Array.from(frequency, (x) => {
    const known = seen.get(x)
    if (known !== undefined) return known
    seen.set(x, seen.size)
    return seen.size - 1
  })
  return { frequencies: Float64Array.from(seen.keys()), frequencyOf }
}
