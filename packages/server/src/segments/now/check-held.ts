import { RapportError } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import { storedSegmentDefinitions, unknown } from '../live/stored-segment-definitions.ts'
import type { Standing } from './standing.ts'

/**
 * That a standing says who is in a segment: one that was declared just now it does not hold yet.
 *
 * @throws RapportError `segments.unknown`, `segments.new` for one that is looked at in a moment
 */
export async function checkHeld(queries: StateQueries, { compiled }: Standing, segment: string): Promise<void> {
  if (compiled.segments.some(({ definition }) => definition.id === segment)) return
  if (!(await storedSegmentDefinitions(queries)).some(({ id }) => id === segment)) throw unknown(segment)
  throw new RapportError('segments.new', `${segment} was declared just now, and is being filled: ask again in a moment`)
}
