import { existsSync, realpathSync } from 'node:fs'
import type { Configuration } from '../../base/index.ts'
import { checkDates, checkFileSystems, checkPermissions, checkRoom, checkWrites } from './check-folder.ts'
import { checkClock, checkMemory, checkNode, checkPort } from './check-machine.ts'
import { checkServer } from './check-server.ts'
import { checkOwner, checkState, checkWarehouse, restoreAdvice } from './check-stores.ts'
import { type Finding, fail, ok, tried } from './finding.ts'

export type AskServer = () => Promise<readonly Finding[] | undefined>

const stateAdviceOf = (url: string | undefined): string =>
  url === undefined ? restoreAdvice : 'see that stateUrl is right, and that PostgreSQL runs'

/** What a server finds of itself. @param port the one that it has taken */
export const examineServed = async (
  folder: string,
  { host, stateUrl }: Configuration,
  port: number,
): Promise<readonly Finding[]> => [
  ...(await tried('state', stateAdviceOf(stateUrl), async () => [await checkState(folder, stateUrl, false)])),
  await checkServer(host, port),
]

const stuckAdvice = 'see its log; if it is stuck, end it and start it again'

async function askedServer(ask: AskServer): Promise<readonly Finding[]> {
  const silent = fail('server', 'whoever has the store open takes no commands', stuckAdvice)
  return tried('server', stuckAdvice, async () => (await ask()) ?? [silent])
}

/**
 * Looks at everything that a server needs, beside a running one or without; changes nothing.
 *
 * @param configure reads the configuration, which may be what is wrong
 * @param askServer what a running server finds (`examineServed`): only it knows its settings, and only it opens its
 * state; undefined when none listens
 */
export async function examine(
  store: string,
  configure: () => Configuration,
  askServer: AskServer = async () => undefined,
): Promise<readonly Finding[]> {
  let configuration: Configuration | undefined
  const configured = await tried('configuration', 'rapport config --help says where settings come from', () => {
    configuration = configure()
    return [ok('configuration', 'every setting is one that can be')]
  })
  const machine = [checkNode(process.version), checkMemory(), await checkClock()]
  const held = existsSync(store) ? await examineStore(realpathSync(store), configuration, askServer) : [missing(store)]
  return [...configured, ...machine, ...held]
}

const missing = (store: string): Finding =>
  fail('store', `${store} is not there`, 'rapport start makes one; --store says where it is')

async function examineStore(
  folder: string,
  configuration: Configuration | undefined,
  askServer: AskServer,
): Promise<readonly Finding[]> {
  const asRoot = 'run it as the user that the server runs as'
  const { finding, isOpen } = checkOwner(folder)
  const folderFindings = [
    ...(await tried('permissions', asRoot, () => [checkPermissions(folder), ...checkDates(folder)])),
    ...(await tried('writes', asRoot, () => [checkWrites(folder), checkFileSystems(folder)])),
  ]
  // Only its owner may open the warehouse: a running server says itself how it does.
  const warehouse = isOpen ? [] : await tried('warehouse', restoreAdvice, async () => [await checkWarehouse(folder)])
  const served = isOpen ? await askedServer(askServer) : []
  if (!configuration) return [...folderFindings, finding, ...warehouse, ...served]
  const { host, port, stateUrl, diskFloorMegabytes } = configuration
  const room = await checkRoom(folder, diskFloorMegabytes * 2 ** 20)
  if (isOpen) return [...folderFindings, room, finding, ...served]
  return [
    ...folderFindings,
    room,
    finding,
    ...warehouse,
    ...(await tried('state', stateAdviceOf(stateUrl), async () => [await checkState(folder, stateUrl)])),
    await checkPort(host, port),
  ]
}
