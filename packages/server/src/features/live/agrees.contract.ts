import type { FeatureValue } from '../defined/interpret.ts'

/**
 * Whether two executions agree: texts and additive results exactly, other numbers to 1e-9 relative.
 *
 * @param scale below which differences are rounding: gaps that are all the same have a deviation of 0 or nearly
 */
export function agrees(left: FeatureValue, right: FeatureValue, isExact: boolean, scale = 0): boolean {
  if (typeof left !== 'number' || typeof right !== 'number' || isExact) return Object.is(left, right) || left === right
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right), scale)
}
