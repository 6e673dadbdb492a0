import { codeCount, encodeCategories, fitCategories } from '../preparation/category-encoding.ts'
import type { Column } from '../preparation/table.ts'

/** Different numbers up to which a column of numbers is read as classes: answers, counts of children. */
const classesMaxDefault = 10

/** A column as what it measures. */
export type Measured =
  | {
      readonly kind: 'amounts'
      /** `[n]` NaN where missing. */
      readonly values: Float64Array
    }
  | {
      readonly kind: 'classes'
      /** `[n]` 0 … classes − 1; missing is a class of its own. */
      readonly codes: Int32Array
      readonly classes: number
    }

/**
 * Reads a column: text as classes, numbers as amounts, or as classes where there are few different ones.
 *
 * @param classesMax most different numbers that are classes; 0 for none. Default 10
 */
export function measure(column: Column, classesMax = classesMaxDefault): Measured {
  if (column.kind === 'text') {
    const model = fitCategories(column.values)
    return { kind: 'classes', codes: encodeCategories(model, column.values), classes: codeCount(model) }
  }
  const codeOf = new Map<number, number>()
  for (const value of column.values) {
    if (!codeOf.has(value)) codeOf.set(value, codeOf.size)
    if (codeOf.size > classesMax) return { kind: 'amounts', values: column.values }
  }
  const codes = Int32Array.from(column.values, (value) => codeOf.get(value)!)
  return { kind: 'classes', codes, classes: codeOf.size }
}
