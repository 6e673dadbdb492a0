import type { PlacedError } from '../../base/index.ts'
import { type LiveRule, wrongRule } from '../../rules/index.ts'
import { type PlacedTest, testsOf } from './compile.ts'

/**
 * What is wrong with how often an event is to have happened, where no number is meant or every number is: 0 times or more holds
 * of everybody. What was declared before this was looked at is read all the same.
 */
export function countError({ test, place }: PlacedTest): PlacedError | undefined {
  if (!('event' in test) || test.count === undefined) return undefined
  const { atLeast, atMost } = test.count
  if (atMost === undefined) {
    if (atLeast === undefined) return wrongRule(`${place}/count`, 'must have atLeast, atMost or both, got neither')
    if (atLeast > 0) return undefined
    return wrongRule(
      `${place}/count/atLeast`,
      'must be at least 1 without atMost, got 0: 0 times or more holds of everybody',
    )
  }
  if (atLeast === undefined || atLeast <= atMost) return undefined
  return wrongRule(`${place}/count/atMost`, `must be at least what atLeast is, ${atLeast}, got ${atMost}`)
}

/** @throws RapportError `segments.rule` at the first such count of a rule that is to be declared or previewed */
export function checkCounts(rule: LiveRule | null, place: string): void {
  if (rule === null) return
  for (const test of testsOf(rule, place)) {
    const wrong = countError(test)
    if (wrong !== undefined) throw wrong
  }
}
