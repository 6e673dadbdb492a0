import type { Check } from './check.ts'
import { type Keyword, type KeywordContext, refuse } from './keyword.ts'

function branches(written: unknown, { rule, compile }: KeywordContext): Check[] {
  if (!Array.isArray(written) || written.length === 0) refuse(rule, 'be a list of at least one schema', written)
  return (written as unknown[]).map((schema, index) => compile(schema, `${rule}/${index}`))
}

/** Keywords that join schemas about the same value. */
export const logicKeywords: Readonly<Record<string, Keyword>> = {
  $ref: (written, { rule, refer }) => {
    const check = typeof written === 'string' ? refer(written) : undefined
    if (!check) refuse(rule, 'be # or name one of the $defs of this schema, as #/$defs/name', written)
    return (value, place, run) => run.into(check as Check, value, place)
  },
  allOf: (written, context) => {
    const checks = branches(written, context)
    return (value, place, run) => {
      let holds = true
      for (const check of checks) if (!run.into(check, value, place)) holds = false
      return holds
    }
  },
  anyOf: (written, context) => {
    const checks = branches(written, context)
    return (value, place, run) =>
      checks.some((check) => run.try(check, value, place)) ||
      run.breaks(place, `must fit one of ${checks.length} schemas at least`, context.rule)
  },
  oneOf: (written, context) => {
    const checks = branches(written, context)
    return (value, place, run) => {
      const fitting = checks.filter((check) => run.try(check, value, place)).length
      return fitting === 1 || run.breaks(place, `must fit exactly one of ${checks.length} schemas`, context.rule)
    }
  },
  not: (written, { rule, compile }) => {
    const check = compile(written, rule)
    return (value, place, run) =>
      !run.try(check, value, place) || run.breaks(place, 'must not be what the schema rules out', rule)
  },
  if: (written, { rule, beside, compile }) => {
    const above = rule.slice(0, -'/if'.length)
    const condition = compile(written, rule)
    const branch = (name: 'then' | 'else'): Check =>
      beside[name] === undefined ? () => true : compile(beside[name], `${above}/${name}`)
    const [then, otherwise] = [branch('then'), branch('else')]
    return (value, place, run) => run.into(run.try(condition, value, place) ? then : otherwise, value, place)
  },
}
