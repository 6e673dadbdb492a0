import { existsSync, realpathSync } from 'node:fs'
import type { Configuration } from '../../base/index.ts'
import { checkDates, checkFileSystems, checkPermissions, checkRoom, checkWrites } from './check-folder.ts'
import { checkClock, checkMemory, checkNode, checkPort } from './check-machine.ts'
import { checkServer } from './check-server.ts'
import { checkOwner, checkState, checkWarehouse, restoreAdvice } from './check-stores.ts'
import { type Finding, fail, ok, tried } from './finding.ts'

/**
 * Looks at everything that a server needs, beside a running one or without; changes nothing.
 *
 * @param configure reads the configuration, which may be what is wrong
 */
export async function examine(store: string, configure: () => Configuration): Promise<readonly Finding[]> {
  let configuration: Configuration | undefined
  const configured = await tried('configuration', 'rapport config --help says where settings come from', () => {
    configuration = configure()
    return [ok('configuration', 'every setting is one that can be')]
  })
  const machine = [checkNode(process.version), checkMemory(), await checkClock()]
  const held = existsSync(store) ? await examineStore(realpathSync(store), configuration) : [missing(store)]
  return [...configured, ...machine, ...held]
}

const missing = (store: string): Finding =>
  fail('store', `${store} is not there`, 'rapport start makes one; --store says where it is')

async function examineStore(folder: string, configuration: Configuration | undefined): Promise<readonly Finding[]> {
  const asRoot = 'run it as the user that the server runs as'
  const { finding, isOpen } = checkOwner(folder)
  const folderFindings = [
    ...(await tried('permissions', asRoot, () => [checkPermissions(folder), ...checkDates(folder)])),
    ...(await tried('writes', asRoot, () => [checkWrites(folder), checkFileSystems(folder)])),
  ]
  // Only its owner may open the warehouse: a running server says itself how it does.
  const warehouse = isOpen ? [] : await tried('warehouse', restoreAdvice, async () => [await checkWarehouse(folder)])
  if (!configuration) return [...folderFindings, finding, ...warehouse]
  const { host, port, stateUrl, diskFloorMegabytes } = configuration
  const stateAdvice = stateUrl === undefined ? restoreAdvice : 'see that stateUrl is right, and that PostgreSQL runs'
  return [
    ...folderFindings,
    await checkRoom(folder, diskFloorMegabytes * 2 ** 20),
    finding,
    ...warehouse,
    ...(await tried('state', stateAdvice, async () => [await checkState(folder, stateUrl)])),
    isOpen ? await checkServer(host, port) : await checkPort(host, port),
  ]
}
