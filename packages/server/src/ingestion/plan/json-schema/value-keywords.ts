import { shortened } from '../../../base/index.ts'
import { canonical } from './canonical.ts'
import type { Check } from './check.ts'
import { formats } from './formats.ts'
import { countOf, isOneOf, type Keyword, refuse } from './keyword.ts'
import { linearPattern } from './linear-pattern.ts'

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
}

/** One of some texts, in a sentence. */
const either = (words: readonly string[]): string => words.join(' or ')

function type(written: unknown, { rule }: { readonly rule: string }): Check {
  const names = Array.isArray(written) ? (written as unknown[]) : [written]
  if (names.length === 0 || !names.every((name) => isOneOf(isOfType, name))) {
    refuse(rule, `name types out of ${Object.keys(isOfType).join(', ')}`, written)
  }
  const tests = (names as string[]).map((name) => isOfType[name]!)
  const must = `must be ${either((names as string[]).map((name) => typeWords[name]!))}`
  return (value, place, run) => tests.some((test) => test(value)) || run.breaks(place, must, rule)
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value)
  return shortened(text, 60, '…')
}

function oneOfThese(values: readonly unknown[], rule: string): Check {
  const known = new Set(values.map(canonical))
  const must = `must be ${either(values.slice(0, 8).map(shown))}${values.length > 8 ? ' or one of the others' : ''}`
  return (value, place, run) => {
    const written = canonical(value)
    run.spend(written.length >> 5)
    return known.has(written) || run.breaks(place, must, rule)
  }
}

/** A bound that numbers must keep. */
const numeric =
  (words: string, holds: (value: number, bound: number) => boolean): Keyword =>
  (bound, { rule }) => {
    if (typeof bound !== 'number' || !Number.isFinite(bound)) refuse(rule, 'be a number', bound)
    const must = `must be ${words} ${bound}`
    return (value, place, run) =>
      typeof value !== 'number' || holds(value, bound as number) || run.breaks(place, must, rule)
  }

/** Whether a number is a multiple of another, as written in decimals: 0.0075 is one of 0.0001. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of
  if (!Number.isFinite(quotient)) return value % of === 0
  return Math.abs(quotient - Math.round(quotient)) <= 1e-12 * Math.max(1, Math.abs(quotient))
}

/** A bound that the characters of text must keep, counted as code points. */
const length =
  (words: string, holds: (n: number, bound: number) => boolean): Keyword =>
  (written, { rule }) => {
    const bound = countOf(written, rule)
    const must = `must have ${words} ${bound} characters`
    return (value, place, run) => {
      if (typeof value !== 'string') return true
      run.spend(value.length >> 3)
      return holds([...value].length, bound) || run.breaks(place, must, rule)
    }
  }

const pattern: Keyword = (written, { rule }) => {
  const matches = linearPattern(written, rule)
  const must = `must match the pattern ${shown(written)}`
  return (value, place, run) => {
    if (typeof value !== 'string') return true
    run.spend(matches.cost(value))
    return matches.test(value) || run.breaks(place, must, rule)
  }
}

const format: Keyword = (written, { rule }) => {
  if (!isOneOf(formats, written)) refuse(rule, `be one of ${Object.keys(formats).join(', ')}`, written)
  const { test, words } = formats[written as string]!
  return (value, place, run) => {
    if (typeof value !== 'string') return true
    run.spend(value.length >> 3)
    return test(value) || run.breaks(place, `must be ${words}`, rule)
  }
}

/** Keywords that look at one value, whatever it holds. */
export const valueKeywords: Readonly<Record<string, Keyword>> = {
  type,
  enum: (values, { rule }) => {
    if (!Array.isArray(values) || values.length === 0) refuse(rule, 'be a list of at least one value', values)
    return oneOfThese(values as unknown[], rule)
  },
  const: (value, { rule }) => oneOfThese([value], rule),
  minimum: numeric('at least', (value, bound) => value >= bound),
  maximum: numeric('at most', (value, bound) => value <= bound),
  exclusiveMinimum: numeric('more than', (value, bound) => value > bound),
  exclusiveMaximum: numeric('less than', (value, bound) => value < bound),
  multipleOf: (of, context) => {
    if (typeof of !== 'number' || !(of > 0)) refuse(context.rule, 'be more than 0', of)
    return numeric('a multiple of', isMultiple)(of, context)
  },
  minLength: length('at least', (n, bound) => n >= bound),
  maxLength: length('at most', (n, bound) => n <= bound),
  pattern,
  format,
}
