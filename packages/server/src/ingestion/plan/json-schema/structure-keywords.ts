import { canonical } from './canonical.ts'
import { type Check, escaped } from './check.ts'
import { countOf, fieldsOf, type Keyword, refuse } from './keyword.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A keyword for objects only. */
const ofObjects =
  (make: (written: unknown, context: Parameters<Keyword>[1]) => (value: Fields, ...rest: Rest) => boolean): Keyword =>
  (written, context) => {
    const check = make(written, context)
    return (value, ...rest) => !isObject(value) || check(value, ...rest)
  }

/** A keyword for lists only. */
const ofLists =
  (
    make: (written: unknown, context: Parameters<Keyword>[1]) => (value: readonly unknown[], ...rest: Rest) => boolean,
  ): Keyword =>
  (written, context) => {
    const check = make(written, context)
    return (value, ...rest) => !Array.isArray(value) || check(value, ...rest)
  }

type Rest = [place: Parameters<Check>[1], run: Parameters<Check>[2]]

const properties = ofObjects((written, { rule, compile }) => {
  const checks = fieldsOf(written, rule).map(
    ([name, schema]) => [name, compile(schema, `${rule}/${escaped(name)}`)] as const,
  )
  return (value, parent, run) => {
    let holds = true
    for (const [step, check] of checks) {
      if (Object.hasOwn(value, step) && !run.into(check, value[step], { parent, step })) holds = false
    }
    return holds
  }
})

const additionalProperties = ofObjects((written, { rule, beside, compile }) => {
  const declared = new Set(fieldsOf(beside['properties'] ?? {}, rule).map(([name]) => name))
  const check = compile(written, rule)
  return (value, parent, run) => {
    let holds = true
    for (const [step, part] of Object.entries(value)) {
      run.spend(1)
      if (declared.has(step)) continue
      const place = { parent, step }
      if (written === false) holds = run.breaks(place, 'must be left out: it is not declared', rule)
      else if (!run.into(check, part, place)) holds = false
    }
    return holds
  }
})

const required = ofObjects((written, { rule }) => {
  if (!Array.isArray(written) || !written.every((name) => typeof name === 'string')) {
    refuse(rule, 'be a list of names', written)
  }
  const names = written as string[]
  return (value, parent, run) => {
    let holds = true
    run.spend(names.length)
    for (const step of names) {
      if (!Object.hasOwn(value, step)) holds = run.breaks({ parent, step }, 'must be there', rule)
    }
    return holds
  }
})

/** A bound on how many parts a value has. */
const sized = (of: 'fields' | 'items', words: string, holds: (n: number, bound: number) => boolean): Keyword => {
  const make: Keyword = (written, { rule }) => {
    const bound = countOf(written, rule)
    return (value, place, run) =>
      holds(of === 'items' ? (value as unknown[]).length : Object.keys(value as object).length, bound) ||
      run.breaks(place, `must have ${words} ${bound} ${of}`, rule)
  }
  return of === 'items' ? ofLists(make as never) : ofObjects(make as never)
}

const items = ofLists((written, { rule, beside, compile }) => {
  if (Array.isArray(written)) refuse(rule, 'be one schema; several in their order are prefixItems', written)
  const check = compile(written, rule)
  const from = Array.isArray(beside['prefixItems']) ? beside['prefixItems'].length : 0
  return (value, parent, run) => {
    let holds = true
    for (let step = from; step < value.length; step += 1) {
      if (!run.into(check, value[step], { parent, step })) holds = false
    }
    return holds
  }
})

const prefixItems = ofLists((written, { rule, compile }) => {
  if (!Array.isArray(written) || written.length === 0) refuse(rule, 'be a list of schemas', written)
  const checks = (written as unknown[]).map((schema, index) => compile(schema, `${rule}/${index}`))
  return (value, parent, run) => {
    let holds = true
    for (let step = 0; step < Math.min(checks.length, value.length); step += 1) {
      if (!run.into(checks[step]!, value[step], { parent, step })) holds = false
    }
    return holds
  }
})

const uniqueItems = ofLists((written, { rule }) => {
  if (typeof written !== 'boolean') refuse(rule, 'be true or false', written)
  return (value, place, run) => {
    if (!written) return true
    const seen = new Set<string>()
    for (const item of value) {
      const text = canonical(item)
      run.spend(1 + (text.length >> 5))
      if (seen.has(text)) return run.breaks(place, 'must hold every item once', rule)
      seen.add(text)
    }
    return true
  }
})

/** Keywords that look at the parts of objects and lists. */
export const structureKeywords: Readonly<Record<string, Keyword>> = {
  properties,
  additionalProperties,
  required,
  minProperties: sized('fields', 'at least', (n, bound) => n >= bound),
  maxProperties: sized('fields', 'at most', (n, bound) => n <= bound),
  items,
  prefixItems,
  minItems: sized('items', 'at least', (n, bound) => n >= bound),
  maxItems: sized('items', 'at most', (n, bound) => n <= bound),
  uniqueItems,
}
