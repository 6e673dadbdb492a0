import { firstWriteKey, openSessions, openWriteKeys } from './access/index.ts'
import { startServer } from './api/index.ts'
import { RapportError, readConfiguration } from './base/index.ts'
import type { ServeOptions, Serving } from './cli/index.ts'
import { followIdentities, type IdentityFollower } from './identity/index.ts'
import { type EventLog, openEventLog } from './ingestion/index.ts'
import { openState } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** How long requests that run may take when the server ends, ms. */
const drainMs = 8000
/** How far behind the log identities and keys may be, ms. */
const followMs = 200

/** Serves an open store over HTTP: the tracking API, customers, and the report. */
export async function serveStore(warehouse: Warehouse, options: ServeOptions): Promise<Serving> {
  const { host, port, report, tell } = options
  const state = await openState(warehouse.folder, readConfiguration().stateUrl)
  const writeKey = await firstWriteKey(state)
  const keys = await openWriteKeys(state)
  const sessions = openSessions(state)
  const identities = await followIdentities(warehouse, state)
  const log = await openEventLog(warehouse)
  const onFailure = (error: unknown, where: string): void => {
    const what = error instanceof RapportError ? `${error.message} (${error.code})` : ((error as Error).stack ?? error)
    tell(`${where}: ${what}`)
  }
  const follower = follow(log, identities, onFailure)
  const refresh = setInterval(() => void keys.refresh().catch((error) => onFailure(error, 'write keys')), 2000)
  const close = async (): Promise<void> => {
    clearInterval(refresh)
    await log.close()
    await follower.stop()
    await state.close()
  }
  try {
    const parts = { warehouse, state, log, keys, sessions, report }
    const server = await startServer(
      { ...parts, onFailure: (error, id) => onFailure(error, `request ${id}`) },
      { host, port },
    )
    await state.queries
      .insertInto('settings')
      .values({ name: 'url', value: server.url })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: server.url }))
      .execute()
    return {
      ...{ url: server.url, writeKey, link: `${server.url}/open/${await sessions.invite()}` },
      stop: async () => {
        await server.stop(drainMs)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Keeps identities at the end of the log; what fails is told once, and tried again. */
function follow(log: EventLog, identities: IdentityFollower, onFailure: (error: unknown, where: string) => void) {
  let hasFailed = false
  let running: Promise<void> | undefined
  const catchUp = (): Promise<void> =>
    identities.catchUp(log.position).then(
      () => {
        hasFailed = false
      },
      (error) => {
        if (!hasFailed) onFailure(error, 'identities')
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
