import { sourceName } from '@rapport/protocol'
import { z } from 'zod'
import { isoOf, RapportError } from '../../base/index.ts'
import { enqueue, type Job, type JobKind, scheduleKey } from '../../jobs/index.ts'
import type { State } from '../../state/index.ts'
import type { Sources } from './open-sources.ts'
import { SourceWait } from './source-wait.ts'
import { findSource, scheduleOf, sourceJobName } from './stored-sources.ts'

/** A run takes this long at most before other jobs have their turn, ms. */
const longestRunMs = 30_000

/**
 * A run of a source as work that can be asked for. What fails is tried again after 5 s, 10 s, 20 s, …; where the other side
 * says when to come again, it is asked then.
 */
export function sourceJob(state: State, sources: Sources): JobKind<{ readonly name: string }> {
  const kind: JobKind<{ readonly name: string }> = {
    kind: sourceJobName,
    input: z.strictObject({ name: sourceName }),
    mostAttempts: 5,
    run: async ({ name }, work) => {
      // Not the key of the job that runs: that one would count as asked for already.
      const again = { uniqueKey: `source ${name} goes on` }
      try {
        const run = await sources.run(name, work, longestRunMs)
        if (run.hasMore) await enqueue(state.queries, kind, { name }, again)
        return run
      } catch (error) {
        if (error instanceof SourceWait) {
          await enqueue(state.queries, kind, { name }, { ...again, runAt: error.until })
          return { waitsUntil: isoOf(error.until) }
        }
        // It was removed while its job waited.
        if (error instanceof RapportError && error.code === 'sources.not-found') return { removed: true }
        throw error
      }
    },
  }
  return kind
}

/** Asks for a run now; while one waits or runs, it is that one. @throws RapportError `sources.not-found` */
export async function askForRun(state: State, kind: JobKind<{ readonly name: string }>, name: string): Promise<Job> {
  await findSource(state, name)
  return enqueue(state.queries, kind, { name }, { uniqueKey: scheduleKey(scheduleOf(name)) })
}
