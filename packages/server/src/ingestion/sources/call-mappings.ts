import { payloadPresets } from '../presets/presets.ts'
import type { PayloadContext } from '../presets/wire-call.ts'
import type { CallMappings } from './source.ts'

/** An API gives its records one by one; customers go by their address, as where the same records come by webhook. */
const context: PayloadContext = { who: 'email', scope: 'source', takesTests: false }

/** The ways from records to calls that a definition can name. */
export const callMappings: CallMappings = {
  /** Records that are calls already. */
  segment: (record) => ({ calls: [record] }),
  'hubspot-contacts': (record) => payloadPresets['hubspot-contacts'].map(record, context),
  mentions: (record) => payloadPresets.mentions.map(record, context),
}
