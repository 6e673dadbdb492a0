import { checkList, RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'
import { ascendingOrder } from '../metrics/order.ts'

/** How long each customer was watched, and whether what was waited for came at the end of it. */
export interface Durations {
  /** `[n]` ≥ 0, any unit of time. */
  readonly durations: ArrayLike<number>
  /** `[n]` 1 when it happened at that time, 0 when watching ended before. */
  readonly events: ArrayLike<number>
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** Durations, checked. */
export interface CheckedDurations {
  readonly durations: Float64Array
  readonly events: Uint8Array
  readonly weights: Float64Array
  /** `[n]` rows by ascending duration. */
  readonly order: Uint32Array
}

/**
 * @param method the first half of the error's code
 * @throws RapportError `<method>.lengths`, `<method>.durations`, `<method>.events`, `<method>.weights`
 */
export function checkedDurations(method: string, { durations, events, weights }: Durations): CheckedDurations {
  for (const [name, values] of Object.entries({ durations, events, ...(weights && { weights }) })) {
    checkList(`${method}.${name}`, name, values)
  }
  const n = durations.length
  if (n === 0 || events.length !== n || (weights !== undefined && weights.length !== n)) {
    const got = [n, events.length, ...(weights === undefined ? [] : [weights.length])].join(', ')
    throw new RapportError(
      `${method}.lengths`,
      `durations, events and weights must have one length of at least 1, got ${got}`,
    )
  }
  const checked = { durations: new Float64Array(n), events: new Uint8Array(n), weights: new Float64Array(n) }
  for (let row = 0; row < n; row += 1) {
    const [duration, event, weight] = [durations[row]!, events[row]!, weights?.[row] ?? 1]
    if (!(duration >= 0 && duration < Infinity)) {
      throw new RapportError(
        `${method}.durations`,
        `every duration must be finite and at least 0, got ${duration} at row ${row}`,
      )
    }
    if (event !== 0 && event !== 1) {
      throw new RapportError(`${method}.events`, `every event must be 0 or 1, got ${event} at row ${row}`)
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RapportError(
        `${method}.weights`,
        `every weight must be finite and at least 0, got ${weight} at row ${row}`,
      )
    }
    checked.durations[row] = duration
    checked.events[row] = event
    checked.weights[row] = weight
  }
  checkTotalWeight(`${method}.weights`, checked.weights)
  return { ...checked, order: ascendingOrder(checked.durations) }
}

/** Where the rows of one duration begin and end in `order`, shortest first. */
export function timesOf({ durations, order }: CheckedDurations): { readonly first: number; readonly after: number }[] {
  const times: { first: number; after: number }[] = []
  for (let first = 0; first < order.length; ) {
    let after = first + 1
    while (after < order.length && durations[order[after]!] === durations[order[first]!]) after += 1
    times.push({ first, after })
    first = after
  }
  return times
}
