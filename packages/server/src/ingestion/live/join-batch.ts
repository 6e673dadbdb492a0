import { batchBytes } from '@rapport/protocol'
import { RapportError } from '../../base/index.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a batch says of all its calls. */
export interface Common {
  readonly context?: unknown
  readonly integrations?: unknown
}

/**
 * The calls of a batch, each with the context and integrations that the batch says of all, as the Segment spec has it: a
 * consent among them counts. Objects are joined key by key, down to the last; what a call says itself wins.
 *
 * Written out, the common parts may be as big as a batch may be, or a small body would become a big one.
 *
 * @throws RapportError `api.size`
 */
export function joinBatch(batch: readonly unknown[], { context, integrations }: Common): readonly unknown[] {
  const common: Fields = { ...said({ context }), ...said({ integrations }) }
  if (Object.keys(common).length === 0) return batch
  const bytes = Buffer.byteLength(JSON.stringify(common)) * batch.length
  if (bytes > batchBytes) {
    throw new RapportError(
      'api.size',
      `the context of a batch, once for each of its calls, must have at most ${batchBytes} bytes, got ${bytes}`,
    )
  }
  return batch.map((call) => (isObject(call) ? joined(common, call) : call))
}

const said = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))

function joined(common: Fields, own: Fields): Fields {
  const all: Record<string, unknown> = { ...common, ...own }
  for (const [key, value] of Object.entries(common)) {
    const mine = own[key]
    // Nothing said is no word against what the batch says.
    if (mine === undefined || mine === null) all[key] = value
    else if (isObject(value) && isObject(mine)) all[key] = joined(value, mine)
  }
  return all
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
