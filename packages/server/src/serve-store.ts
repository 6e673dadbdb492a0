import { setTimeout as wait } from 'node:timers/promises'
import { firstWriteKey, inviteOwner, openWriteKeys } from './access/index.ts'
import { startServer } from './api/index.ts'
import { loggable, Opened, RapportError } from './base/index.ts'
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
import { sharingDefinitions } from './features/index.ts'
import { followIdentities } from './identity/index.ts'
import { appendCalls, followPlan, openEventLog, openTrackingPlan, openWebhooks } from './ingestion/index.ts'
import { followingFamilyModels, followingFeatureUses, LiveInsight, leaveOut } from './insights/index.ts'
import { openHealth } from './operation/index.ts'
import { privacyOf } from './privacy.ts'
import { startFollowing } from './start-following.ts'
import { startJobs } from './start-jobs.ts'
import { StartedLive } from './start-live.ts'
import { keepSetting, openState } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** How long requests that run may take when the server ends, ms. */
const drainMs = 8000
/** How late keys and counts of another process are seen, ms. */
const refreshMs = 2000

/** So long live insight leaves the warehouse and the processors to the live copy that goes on from where it was, ms. */
const insightWaitsMs = 10_000

/** Serves an open store over HTTP: the tracking API, customers, and the report. */
export async function serveStore(warehouse: Warehouse, options: ServeOptions): Promise<Serving> {
  const onFailure = (error: unknown, where: string): void => {
    const { name, code, message, at } = loggable(error)
    const place = error instanceof RapportError ? [] : at
    options.tell([`${where}: ${name} ${code ?? ''} ${message}`, ...place].join('\n  '))
  }
  const opened = new Opened(onFailure)
  try {
    return await openAndServe(warehouse, options, opened, onFailure)
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function openAndServe(
  warehouse: Warehouse,
  { configuration, report, tell }: ServeOptions,
  opened: Opened,
  onFailure: (error: unknown, where: string) => void,
): Promise<Serving> {
  const { host, port, publicUrl, hostNames, trustProxy, logLevel, writeKeyRequestsPerSecond } = configuration
  const state = await openState(warehouse.folder, configuration.stateUrl)
  opened.add('the state store', () => state.close())
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
  const door = refusingErased(await openConsentDoor(warehouse, state), list)
  const plan = await openTrackingPlan(state)
  const consents = followConsents(warehouse, state, door, (ids) => leaveOut(warehouse, ids, report))
  const followers = [identities, consents, followPlan(warehouse, state, plan), await followRegions(warehouse)]
  const shareFeatures = sharingDefinitions(warehouse, state)
  const followUses = followingFeatureUses(warehouse, state)
  const followModels = followingFamilyModels(warehouse, state)
  await shareFeatures()
  await followModels()
  const live = await StartedLive.open({ warehouse, state, settle: async () => log.settle(), onFailure, tell })
  opened.add('the live copy', () => live.stop())
  const insight = await LiveInsight.open({ warehouse, onFailure, live: live.copy })
  opened.add('live insight', () => insight.stop())
  const log = await openEventLog(warehouse, {
    onFailure: (error) => onFailure(error, 'taking the event log into the warehouse'),
    onWritten: (events) => {
      insight.written(events)
      live.written(events)
    },
  })
  const toldFrom = log.position
  const inMemory = [live, insight].map((one) => ({
    ...{ catchUp: (position: number) => one.catchUp(position), settle: async () => undefined },
  }))
  const all = [...followers, ...inMemory]
  const following = startFollowing(log, all, onFailure, door.followed)
  const settle = async (): Promise<void> => {
    await log.settle()
    await following.catchUp()
  }
  opened.add('what follows the event log', () => following.finish())
  opened.add('the event log; what it holds is taken in at the next start', () => log.close())
  opened.add('what follows the event log', () => following.stop())
  const forgetIds = async (receivedIds: readonly string[]): Promise<void> => {
    log.forgetIds()
    insight.forget(receivedIds)
    await live.forget(receivedIds)
  }
  const privacy = privacyOf({
    ...{ warehouse, state, list, configuration, report, forgetIds },
    settle: async () => {
      await settle()
      await live.journal.settle()
    },
    eraseMovements: (ids) => live.journal.erase(ids),
  })
  await privacy.resume()
  const refresh = (): void => {
    void privacy.keepRefused().catch((error) => onFailure(error, 'refused records'))
    void keys.refresh().catch((error) => onFailure(error, 'write keys'))
    void webhooks.refresh().catch((error) => onFailure(error, 'webhooks'))
    void shareFeatures()
      .then(followUses)
      .then(followModels)
      .catch((error) => onFailure(error, 'declared features'))
    void live.refresh().catch((error) => onFailure(error, 'the live copy'))
  }
  opened.add('refused records', () => privacy.keepRefused())
  opened.add('webhooks', () => webhooks.refresh())
  const timer = setInterval(refresh, refreshMs)
  opened.add('the timer of keys', () => clearInterval(timer))
  const doors = { consent: door, plan }
  const jobs = await startJobs(
    { warehouse, state, log, doors, privacy, configuration, report, settle, onFailure, live },
    opened,
  )
  const askTelling = setInterval(() => {
    void jobs.receivers.refresh().catch((error) => onFailure(error, 'receivers'))
  }, refreshMs)
  opened.add('the timer of receivers', () => clearInterval(askTelling))
  const health = openHealth(
    { warehouse, state, log },
    { mostBehind: configuration.readyEventsBehind, diskFloorBytes: configuration.diskFloorMegabytes * 2 ** 20 },
  )
  const record = async (calls: readonly object[]): Promise<void> => {
    await appendCalls(log, calls)
    await settle()
  }
  const declared = async (): Promise<void> => {
    // What is new is filled while whoever declared it goes on.
    void live.refresh().catch((error) => onFailure(error, 'the live copy'))
  }
  const server = await startServer(
    {
      ...{ warehouse, state, log, keys, door, plan, webhooks, privacy, health, report, record },
      ...{ live: () => live.copy, insight },
      declared,
      ...{ analyze: jobs.analyze, predict: jobs.predictAgain, refit: jobs.refit, retain: jobs.retain },
      sources: { job: jobs.fetchSource, folders: configuration.sourceFolders },
      onFailure: (error, id) => logLevel === 'silent' && onFailure(error, `request ${id}`),
    },
    {
      ...{ host, port, trustProxy, publicUrl, hostNames, logLevel, writeKeyRequestsPerSecond },
      metricsOnLoopback: configuration.metricsAccess === 'loopback',
      allowHosts: configuration.allowHosts,
    },
  )
  // Only now: reading all of history holds the warehouse, which all that came before asks.
  live.begin()
  insight.begin(toldFrom, Promise.race([live.whole(), wait(insightWaitsMs, undefined, { ref: false })]))
  opened.add('the server', () => server.stop(drainMs - configuration.shutdownDelaySeconds * 1000))
  const url = publicUrl?.replace(/\/+$/, '') ?? server.url
  await keepSetting(state.queries, 'url', url)
  return {
    ...{ url, port: server.port, writeKey, privacy, log, plan, record, declared },
    live: () => live.copy,
    whole: () => live.whole(),
    link: `${url}/open/${await inviteOwner(state)}`,
    drain: async () => {
      health.startDraining()
      await wait(configuration.shutdownDelaySeconds * 1000)
    },
    stop: () => opened.close(),
  }
}
