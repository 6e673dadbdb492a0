import type { FactCondition, FactPattern } from '@rapport/protocol'
import { type PlacedError, placedError } from '../../base/index.ts'
import type { FactKind } from './fact.ts'
import { fieldType } from './fields.ts'
import { inMillionths } from './numbers.ts'
import type { Condition, Pattern } from './plan.ts'

/** @throws RapportError `features.field`, `features.definition` with the feature and a JSON pointer */
export function planPattern(
  pattern: FactPattern,
  place: { readonly feature: string; readonly pointer: string },
): Pattern {
  const kind: FactKind = 'lines' in pattern ? 'line' : 'event'
  const conditions = (pattern.where ?? []).map((condition, index) =>
    planCondition(kind, condition, `${place.feature}${place.pointer}/where/${index}`),
  )
  return 'lines' in pattern
    ? { kind, name: pattern.lines, call: null, conditions }
    : { kind, name: pattern.events === true ? null : pattern.events, call: pattern.call ?? null, conditions }
}

function planCondition(kind: FactKind, { field, op, value }: FactCondition, at: string): Condition {
  const type = fieldType(kind, field, `${at}/field`)
  if (op === 'known' || op === 'missing') return { field, op, as: type === 'number' ? 'number' : 'text' }
  const values = Array.isArray(value) ? value : [value]
  const areNumbers = values.every((one) => typeof one === 'number')
  if (!areNumbers && values.some((one) => typeof one === 'number'))
    throw wrong(`${at}/value`, 'must be of numbers or of texts, got both')
  if (type === 'number' && !areNumbers) throw wrong(`${at}/value`, `must be a number as ${field} is`)
  if (type === 'text' && areNumbers) throw wrong(`${at}/value`, `must be a text as ${field} is`)
  const numbers = areNumbers ? values.map((one) => exact(one as number, `${at}/value`)) : []
  const texts = values.map(String)
  switch (op) {
    case 'in':
      return areNumbers ? { field, op, as: 'number', value: numbers } : { field, op, as: 'text', value: texts }
    case 'within':
      return { field, op, as: 'text', value: texts[0]! }
    case '=':
    case '!=':
      return areNumbers ? { field, op, as: 'number', value: numbers[0]! } : { field, op, as: 'text', value: texts[0]! }
    default:
      return { field, op, as: 'number', value: numbers[0]! }
  }
}

function exact(value: number, at: string): number {
  const millionths = inMillionths(value)
  if (millionths === null) throw wrong(at, `must lie between −9·10⁹ and 9·10⁹, got ${value}`)
  return millionths
}

const wrong = (at: string, must: string): PlacedError => placedError('features.definition', at, must)
