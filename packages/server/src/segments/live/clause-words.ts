import type { FeatureValue } from '../../features/index.ts'
import type { SegmentTest } from './compiled.ts'

/**
 * A test with what it saw: `days since the last of “Order Completed” is more than 30: it is 41.2`.
 *
 * @param said how the value reads; null where it is missing
 */
export function clauseWords(test: SegmentTest, value: FeatureValue, said: string | null): string {
  if (said !== null) return `${test.words}: it is ${said}`
  return value === null ? `${test.words}: ${test.subject} is missing` : test.words
}

/** With four digits after the point at most: `0.0333`, `12`, `1234.5`. */
export const sayNumber = (value: number): string => String(Number(value.toFixed(4)))

/** The date at the head of a text. */
export const sayDate = (value: FeatureValue): string => String(value).slice(0, 10)
