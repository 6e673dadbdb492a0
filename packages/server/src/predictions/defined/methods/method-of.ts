import type { PredictionTarget } from '@rapport/protocol'
import { eventMethod } from './events.ts'
import type { Method } from './method.ts'

/** A method whose fitted values are only handed back to it. */
export type AnyMethod = Method<unknown, string>

/** The family of methods that answers a target; undefined for what is asked of no customer. */
export function methodOf({ kind }: PredictionTarget): AnyMethod | undefined {
  switch (kind) {
    case 'happens':
    case 'trait':
      // Which fitted value belongs to which method is held by the target, which the model is stored with.
      return eventMethod as AnyMethod
    default:
      return undefined
  }
}
