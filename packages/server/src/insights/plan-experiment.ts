import { minimumDetectableLift, sampleSize } from '@rapport/learn'
import { recentDays } from './plan-facts.ts'
import { perThousand } from './plan-words.ts'

/** How the effect of a campaign would be seen, and how long until it could be. */
export type Experiment =
  | {
      readonly possible: true
      /** Share of the segment that gets nothing, so that there is something to compare with. */
      readonly holdOutShare: number
      /** Points of response that can be told from chance after `days`. */
      readonly detectableLift: number
      readonly days: number
      readonly words: string
    }
  | { readonly possible: false; readonly because: string }

/** Shares tried, smallest first: a hold-out costs the sales that its customers would have brought. */
const holdOutShares = [0.1, 0.2, 0.3, 0.5] as const
const periodsMax = 12

/** Significance and power of every plan: the usual ones. */
const significance = 0.05
const power = 0.8

/**
 * The smallest hold-out and the fewest monthly periods with which a lift could be told from chance.
 *
 * Periods are counted as if each brought fresh customers, which holds roughly when few of them buy in any one.
 *
 * @param customers who can be written to
 * @param response share who buy in a period without the campaign, 0 … 1
 * @param lift points of response hoped for, > 0
 */
export function planExperiment(customers: number, response: number, lift: number): Experiment {
  if (customers === 0) return { possible: false, because: 'there is nobody who may be written to' }
  if (response <= 0 || lift <= 0) {
    return {
      possible: false,
      because: `nobody is expected to buy within ${recentDays} days, so there is nothing to compare with`,
    }
  }
  if (response + lift >= 1) return { possible: false, because: 'nearly all buy anyway: there is no room for a lift' }
  for (let periods = 1; periods <= periodsMax; periods += 1) {
    for (const controlShare of holdOutShares) {
      const options = { significance, power, controlShare }
      const needed = sampleSize(response, lift / response, options)
      if (customers * periods < needed.control + needed.treatment) continue
      const seen = minimumDetectableLift(response, customers * periods, options)
      if (!seen.defined) continue
      const days = periods * recentDays
      const points = seen.lift * response
      return {
        possible: true,
        holdOutShare: controlShare,
        detectableLift: points,
        days,
        words: `write to all but ${leftOut(controlShare)}, drawn by lot, and compare after ${days} days. If the message brings ${perThousand(points)} more buyers per 1,000 or better, ${power * 10} of 10 such tests would show it; of a message that brings nothing, 1 of ${1 / significance} would look as if it worked (power ${power}, significance ${significance})`,
      }
    }
  }
  return {
    possible: false,
    because: `${customers.toLocaleString('en')} who may be written to are too few to tell ${perThousand(lift)} more buyers per 1,000 from luck within ${periodsMax * recentDays} days; write, if it pays, but do not count on seeing the effect`,
  }
}

const leftOut = (share: number): string => (share === 0.5 ? 'every second one' : `${Math.round(share * 10)} of 10`)
