import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath } from '../../base/index.ts'
import type { ArrivingEvent } from '../../consent/index.ts'
import { refusedName } from './drain.ts'

/**
 * Removes what the event log keeps beside its segments of persons who were erased: lines that the store could not take, and
 * whatever a crash cut off its end, of which nobody can tell whose it was, and which was acknowledged to nobody.
 *
 * @param isErased whether an event is that of an erased person
 */
export async function emptyLogLeftovers(logFolder: string, isErased: (event: ArrivingEvent) => boolean): Promise<void> {
  if (!existsSync(logFolder)) return
  for (const file of await readdir(logFolder)) if (file.endsWith('.cut')) await rm(join(logFolder, file))
  const refused = join(logFolder, refusedName)
  if (!existsSync(refused)) return
  const lines = (await readFile(refused, 'utf8')).split('\n').filter((line) => line !== '')
  const kept = lines.filter((line) => !isErased(eventOf(line)))
  if (kept.length === lines.length) return
  await writeFile(`${refused}.new`, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  await syncPath(`${refused}.new`)
  await rename(`${refused}.new`, refused)
  await syncPath(logFolder)
}

type Fields = Readonly<Record<string, unknown>>

/** Whose a line is, whatever it is a line of. What has no moment happened before everything. */
function eventOf(line: string): ArrivingEvent {
  const { e, l, q } = JSON.parse(line) as { readonly e?: Fields; readonly l?: Fields; readonly q?: Fields }
  if (e) {
    return {
      ...{
        call: String(e['call']),
        name: String(e['name']),
        userId: text(e['user']),
        anonymousId: text(e['anonymous']),
      },
      ...{ otherId: text(e['other']), occurredAt: moment(e['at']) },
      ...{ properties: document(e['properties']), context: document(e['context']) },
    }
  }
  if (l) return { ...nobody, ...idsOf(text(l['customerId'])), occurredAt: moment(l['occurredAt']) }
  const call = rawCall(q)
  return { ...nobody, userId: text(call['userId']), anonymousId: text(call['anonymousId']) }
}

const nobody: ArrivingEvent = {
  ...{ call: 'track', name: '', userId: null, anonymousId: null, otherId: null },
  ...{ occurredAt: Number.NEGATIVE_INFINITY, properties: null, context: null },
}

const visitor = 'anonymous:'

const idsOf = (customerId: string | null): Pick<ArrivingEvent, 'userId' | 'anonymousId'> =>
  customerId?.startsWith(visitor)
    ? { userId: null, anonymousId: customerId.slice(visitor.length) }
    : { userId: customerId, anonymousId: null }

function rawCall(bad: Fields | undefined): Fields {
  try {
    const call: unknown = JSON.parse(String(bad?.['raw']))
    return typeof call === 'object' && call !== null ? (call as Fields) : {}
  } catch {
    // A call that is no JSON names nobody.
    return {}
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const moment = (value: unknown): number => (typeof value === 'number' ? value : Number.NEGATIVE_INFINITY)
const document = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
