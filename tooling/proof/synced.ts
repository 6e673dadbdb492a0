import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** How the acknowledgements in a trace lie to the syncs of what they acknowledge. */
export interface Acknowledgements {
  readonly acknowledged: number
  /** After the sync of the log, in which all of its events had been written by then. */
  readonly synced: number
  readonly early: number
}

/** Ids of `sendBatch` in `live.proof.ts`. */
const idPattern = /trace-\d+-\d+-\d+/g

/**
 * Reads a trace of `strace -f -y`: on which connection events came in, when they were written to a file of the log, when
 * that file was synced, and when the connection was answered. A sync counts from its return on, for what was written
 * before it began.
 */
export async function acknowledgementsIn(trace: string): Promise<Acknowledgements> {
  const awaited = new Map<string, string[]>()
  const written = new Set<string>()
  const synced = new Set<string>()
  /** What was written when a thread's sync began. */
  const syncing = new Map<string, string[]>()
  const begun = new Map<string, string>()
  const found = { acknowledged: 0, synced: 0, early: 0 }
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    const thread = /^(\d+)/.exec(line)?.[1] ?? ''
    const named = /\d+<(?:socket|TCP|TCPv6):\[[^\]]*\]>/.exec(line)?.[0]
    // A call that another thread's came between is told in two lines, of which the first names the connection.
    if (named && line.endsWith('<unfinished ...>')) begun.set(thread, named)
    const connection = named ?? (line.includes(' resumed>') ? begun.get(thread) : undefined)
    const ids = line.match(idPattern) ?? []
    if (/ (?:fdatasync|fsync)\(/.test(line) && line.includes('.ndjson')) syncing.set(thread, [...written])
    if (/fdatasync|fsync/.test(line) && / = 0$/.test(line) && syncing.has(thread)) {
      for (const id of syncing.get(thread)!) synced.add(id)
      syncing.delete(thread)
    } else if (line.includes('.ndjson') && ids.length > 0) {
      for (const id of ids) written.add(id)
    } else if (connection && ids.length > 0) {
      awaited.set(connection, [...(awaited.get(connection) ?? []), ...ids])
    } else if (connection && line.includes('HTTP/1.1 200') && awaited.has(connection)) {
      found.acknowledged += 1
      if (awaited.get(connection)!.every((id) => synced.has(id))) found.synced += 1
      else found.early += 1
      awaited.delete(connection)
    }
  }
  return found
}
