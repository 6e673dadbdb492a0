import { analysisJob } from './analysis-job.ts'
import { type Configuration, dayMs, guardedFetch, type Opened } from './base/index.ts'
import type { Privacy } from './consent/index.ts'
import { callMappings, type Doors, type EventLog, lendSources, openSources, sourceJob } from './ingestion/index.ts'
import { setSchedule, startRunner } from './jobs/index.ts'
import { predictionsJob } from './predictions-job.ts'
import { erasureJob, retentionJob } from './privacy.ts'
import { refitJob } from './refit-job.ts'
import { scheduledBackups } from './scheduled-backups.ts'
import { type KeptMovement, Telling, tellReceiverJob } from './segments/index.ts'
import type { StartedLive } from './start-live.ts'
import type { State } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

export interface JobParts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly log: EventLog
  readonly doors: Doors
  readonly privacy: Privacy
  readonly configuration: Configuration
  /** Path of the report. */
  readonly report: string
  readonly settle: () => Promise<void>
  readonly onFailure: (error: unknown, where: string) => void
  readonly live: StartedLive
}

/** Runs what a server does by itself: analysis, predictions, retention, erasure, sources and backups, as they become due. */
export async function startJobs(parts: JobParts, opened: Opened) {
  const { warehouse, state, log, doors, privacy, configuration, report, settle, onFailure, live } = parts
  const analyze = analysisJob(warehouse, report)
  await setSchedule(state, { scheduleId: 'analysis', kind: analyze, input: {}, everyMs: dayMs })
  const predictAgain = predictionsJob(warehouse)
  await setSchedule(state, { scheduleId: 'predictions', kind: predictAgain, input: {}, everyMs: 7 * dayMs })
  const refit = refitJob(warehouse, state, report)
  const retain = retentionJob(privacy)
  await setSchedule(state, { scheduleId: 'retention', kind: retain, input: {}, everyMs: dayMs })
  const backups = await scheduledBackups({ warehouse, settle }, state, configuration)
  const sources = openSources({
    ...{ warehouse, state, log, doors, mappings: callMappings },
    ...{ fetch: guardedFetch(configuration.allowHosts), folders: configuration.sourceFolders },
  })
  lendSources(warehouse, sources)
  const fetchSource = sourceJob(state, sources)
  const onError = (error: unknown): void => onFailure(error, 'jobs')
  // An analysis takes long, and so does learning: what else is due does not wait for them.
  for (const kinds of [
    [analyze, predictAgain, refit],
    [erasureJob(privacy), retain, fetchSource, ...backups],
  ]) {
    const runner = startRunner(state, kinds, { onError })
    opened.add('the jobs', () => runner.stop())
  }
  const { journal, copy } = live
  const tellers = {
    ...{ state, journal, fetch: guardedFetch(configuration.allowHosts) },
    mayTell: (movement: KeptMovement) => copy.mayTell(movement),
  }
  const tellReceiver = tellReceiverJob(tellers)
  // One that does not answer must not hold up the others.
  const telling = startRunner(state, [tellReceiver], { onError, atOnce: 8 })
  opened.add('the telling of receivers', () => telling.stop())
  const receivers = new Telling(tellers, tellReceiver, onError)
  opened.add('receivers', () => receivers.stop())
  return { analyze, predictAgain, refit, retain, fetchSource, receivers }
}
