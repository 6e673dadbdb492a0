import { setTimeout as wait } from 'node:timers/promises'
import { firstWriteKey, inviteOwner, openWriteKeys } from './access/index.ts'
import { analysisJob } from './analysis-job.ts'
import { startServer } from './api/index.ts'
import { dayMs, guardedFetch, loggable, RapportError } from './base/index.ts'
import type { ServeOptions, Serving } from './cli/index.ts'
import {
  ErasureList,
  followConsents,
  followRegions,
  isForAnalyticsOnly,
  openConsentDoor,
  readDefaults,
  refreshStandings,
  refreshStandingsOf,
  refusingErased,
  syncConsents,
} from './consent/index.ts'
import { followIdentities } from './identity/index.ts'
import {
  appendCalls,
  callMappings,
  type EventLog,
  followPlan,
  lendSources,
  openEventLog,
  openSources,
  openTrackingPlan,
  openWebhooks,
  sourceJob,
} from './ingestion/index.ts'
import { leaveOut } from './insights/index.ts'
import { setSchedule, startRunner } from './jobs/index.ts'
import { openHealth } from './operation/index.ts'
import { erasureJob, privacyOf, retentionJob } from './privacy.ts'
import { scheduledBackups } from './scheduled-backups.ts'
import { type FailedEvent, type LogFollower, openState } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** How long requests that run may take when the server ends, ms. */
const drainMs = 8000
/** How far behind the log identities and keys may be, ms. */
const followMs = 200

/** Serves an open store over HTTP: the tracking API, customers, and the report. */
export async function serveStore(warehouse: Warehouse, options: ServeOptions): Promise<Serving> {
  const { configuration, report, tell } = options
  const { host, port, publicUrl, hostNames, trustProxy, logLevel, writeKeyRequestsPerSecond } = configuration
  const state = await openState(warehouse.folder, configuration.stateUrl)
  const writeKey = await firstWriteKey(state)
  const keys = await openWriteKeys(state)
  const webhooks = await openWebhooks(state, tell)
  await syncConsents(warehouse, state)
  if (isForAnalyticsOnly(await readDefaults(state))) {
    tell(
      'this store is for analytics only: who decided nothing has no scores and is in no segment; rapport consent basis BASIS says on which basis they are profiled, rapport consent defaults by-region what their region allows',
    )
  }
  const identities = await followIdentities(warehouse, state, async (ids) => {
    door.settle(await refreshStandingsOf(warehouse, ids, { areMoved: true }))
  })
  // The map of identities was made anew.
  await refreshStandings(warehouse)
  const list = new ErasureList(warehouse.folder)
  const door = refusingErased(await openConsentDoor(warehouse), list)
  const onFailure = (error: unknown, where: string): void => {
    const { name, code, message, at } = loggable(error)
    const place = error instanceof RapportError ? [] : at
    tell([`${where}: ${name} ${code ?? ''} ${message}`, ...place].join('\n  '))
  }
  const log = await openEventLog(warehouse, {
    onFailure: (error) => onFailure(error, 'taking the event log into the warehouse'),
  })
  const consents = followConsents(warehouse, state, door, (ids) => leaveOut(warehouse, ids, report))
  const plan = await openTrackingPlan(state)
  const followers = [identities, consents, followPlan(warehouse, state, plan), await followRegions(warehouse)]
  const follower = follow(log, followers, onFailure)
  const health = openHealth(
    { warehouse, state, log },
    { mostBehind: configuration.readyEventsBehind, diskFloorBytes: configuration.diskFloorMegabytes * 2 ** 20 },
  )
  const record = async (calls: readonly object[]): Promise<void> => {
    await appendCalls(log, calls)
    await settle()
  }
  const refresh = setInterval(() => {
    void privacy.keepRefused().catch((error) => onFailure(error, 'refused records'))
    void keys.refresh().catch((error) => onFailure(error, 'write keys'))
    void webhooks.refresh().catch((error) => onFailure(error, 'webhooks'))
  }, 2000)
  const settle = async (): Promise<void> => {
    await log.settle()
    await Promise.all(followers.map((one) => one.catchUp(log.position)))
  }
  const privacy = privacyOf({ warehouse, state, list, configuration, report, settle, forgetIds: () => log.forgetIds() })
  await privacy.resume()
  const analyze = analysisJob(warehouse, report)
  await setSchedule(state, { scheduleId: 'analysis', kind: analyze, input: {}, everyMs: dayMs })
  const retain = retentionJob(privacy)
  await setSchedule(state, { scheduleId: 'retention', kind: retain, input: {}, everyMs: dayMs })
  const backups = await scheduledBackups({ warehouse, settle }, state, configuration)
  const sources = openSources({
    ...{ warehouse, state, log, doors: { consent: door, plan }, mappings: callMappings },
    ...{ fetch: guardedFetch(configuration.allowHosts), folders: configuration.sourceFolders },
  })
  lendSources(warehouse, sources)
  const fetchSource = sourceJob(state, sources)
  const onError = (error: unknown): void => onFailure(error, 'jobs')
  // An analysis takes long: what else is due does not wait for it.
  const runners = [[analyze], [erasureJob(privacy), retain, fetchSource, ...backups]].map((kinds) =>
    startRunner(state, kinds, { onError }),
  )
  const close = async (): Promise<void> => {
    clearInterval(refresh)
    await Promise.all(runners.map((runner) => runner.stop()))
    await privacy.keepRefused().catch((error) => onFailure(error, 'refused records'))
    await webhooks.refresh().catch((error) => onFailure(error, 'webhooks'))
    await log
      .close()
      .catch((error) => onFailure(error, 'closing the event log; what it holds is taken in at the next start'))
    await follower.stop()
    await state.close()
  }
  try {
    const parts = {
      ...{ warehouse, state, log, keys, door, plan, webhooks, privacy, health, report, analyze, retain, record },
      sources: { job: fetchSource, folders: configuration.sourceFolders },
    }
    const server = await startServer(
      { ...parts, onFailure: (error, id) => logLevel === 'silent' && onFailure(error, `request ${id}`) },
      {
        ...{ host, port, trustProxy, publicUrl, hostNames, logLevel, writeKeyRequestsPerSecond },
        metricsOnLoopback: configuration.metricsAccess === 'loopback',
      },
    )
    const url = publicUrl?.replace(/\/+$/, '') ?? server.url
    await state.queries
      .insertInto('settings')
      .values({ name: 'url', value: url })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: url }))
      .execute()
    return {
      ...{
        url,
        port: server.port,
        writeKey,
        privacy,
        log,
        plan,

        link: `${url}/open/${await inviteOwner(state)}`,
        record,
      },
      drain: async () => {
        health.startDraining()
        await wait(configuration.shutdownDelaySeconds * 1000)
      },
      stop: async () => {
        await server.stop(drainMs - configuration.shutdownDelaySeconds * 1000)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const describeFailed = ({ follower, position, reason }: FailedEvent): RapportError =>
  new RapportError(
    'state.event-set-aside',
    `every event must be one that ${follower} can take in, the one at position ${position} is not and is set aside until the next start: ${reason}`,
  )

/** Keeps identities and consents at the end of the log; what fails is told once, and tried again. */
function follow(log: EventLog, followers: readonly LogFollower[], onFailure: (error: unknown, where: string) => void) {
  let hasFailed = false
  let running: Promise<void> | undefined
  const catchUp = (): Promise<void> =>
    Promise.all(followers.map((follower) => follower.catchUp(log.position))).then(
      (all) => {
        hasFailed = false
        for (const failed of all.flat()) onFailure(describeFailed(failed), 'following the log')
      },
      (error) => {
        if (!hasFailed) onFailure(error, 'following the log')
        hasFailed = true
      },
    )
  const timer = setInterval(() => {
    running ??= catchUp().finally(() => {
      running = undefined
    })
  }, followMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
      await catchUp()
    },
  }
}
