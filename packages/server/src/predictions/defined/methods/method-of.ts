import type { PredictionDefinition } from '@rapport/protocol'
import { amountMethod } from './amounts.ts'
import { eventMethod } from './events.ts'
import type { Method } from './method.ts'
import { nextMethod } from './next.ts'

/** A method whose fitted values are only handed back to it. */
export type AnyMethod = Method<unknown, string>

/**
 * The family of methods that answers a definition; undefined for a series, which is asked of no customer, and for sessions.
 *
 * Which fitted value belongs to which method is held by the definition, which the model is stored with.
 */
export function methodOf({ target, horizonDays }: PredictionDefinition): AnyMethod | undefined {
  switch (target.kind) {
    case 'happens':
    case 'trait':
      return eventMethod as AnyMethod
    case 'amount':
      return amountMethod(target.of === 'spend') as AnyMethod
    case 'when':
      return nextMethod(horizonDays) as AnyMethod
    case 'series':
    case 'session':
      return undefined
  }
}
