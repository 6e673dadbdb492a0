import type { CallMappings } from './source.ts'

/** The ways from records to calls that a definition can name. */
export const callMappings: CallMappings = {
  /** Records that are calls already. */
  segment: (record) => ({ calls: [record] }),
}
