import type { Fact } from './fact.ts'
import { millionthsOf } from './numbers.ts'
import type { AggregateLeaf, Condition, Pattern } from './plan.ts'

/** Whether a fact is one of those meant. */
export function meets({ kind, name, call, conditions }: Pattern, fact: Fact): boolean {
  return (
    fact.kind === kind &&
    (name === null || fact.name === name) &&
    (call === null || fact.call === call) &&
    conditions.every((condition) => holds(condition, fact))
  )
}

/** What a fact weighs for an aggregate: 0 where it is not meant, 1 where it is, or what it is weighed with. */
export function weightOf({ pattern, weighed }: Pick<AggregateLeaf, 'pattern' | 'weighed'>, fact: Fact): number {
  if (weighed === undefined) return meets(pattern, fact) ? 1 : 0
  let weight = 0
  for (const { pattern: one, times } of weighed) if (meets(one, fact)) weight += times
  return weight
}

/** A field as a number in millionths, or as text; null where it is missing. */
export function fieldOf(fact: Fact, field: string, as: 'number'): number | null
export function fieldOf(fact: Fact, field: string, as: 'text'): string | null
export function fieldOf(fact: Fact, field: string, as: 'number' | 'text'): string | number | null
export function fieldOf(fact: Fact, field: string, as: 'number' | 'text'): string | number | null {
  const value = fact.fields[field] ?? null
  return as === 'number' && typeof value === 'string' ? millionthsOf(value) : value
}

function holds(condition: Condition, fact: Fact): boolean {
  const value = fieldOf(fact, condition.field, condition.as)
  if (value === null) return condition.op === 'missing'
  switch (condition.op) {
    case 'known':
      return true
    case 'missing':
      return false
    case 'in':
      return (condition.value as readonly (string | number)[]).includes(value)
    case 'within':
      return value === condition.value || (value as string).startsWith(`${condition.value} > `)
    case '=':
      return value === condition.value
    case '!=':
      return value !== condition.value
    default:
      return isOrdered(condition.op, value as number, condition.value)
  }
}

function isOrdered(op: '>' | '>=' | '<' | '<=', left: number, right: number): boolean {
  if (op === '>') return left > right
  if (op === '>=') return left >= right
  return op === '<' ? left < right : left <= right
}
