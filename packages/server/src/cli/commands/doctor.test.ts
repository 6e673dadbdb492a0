import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../../operation/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { askServer } from '../remote/ask-server.ts'
import { serveCommands } from '../remote/serve-commands.ts'
import { lendStore } from '../with-store.ts'
import { doctor } from './doctor.ts'

test('a server is asked on the port that it has, whatever the settings of who asks say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-doctor-'))
  const warehouse = await openWarehouse(folder)
  await (await openState(folder)).close()
  const web = createServer((_, response) => response.end('{}'))
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
  const { port } = web.address() as AddressInfo
  const takeBack = lendStore(warehouse, { port } as Parameters<typeof lendStore>[1])
  const served = await serveCommands(warehouse.folder, [doctor])
  const surroundings = { store: folder, work: {}, isInteractive: false, tell: () => undefined, ask: async () => false }
  try {
    const outcome = await askServer(['doctor'], surroundings, 10_000)
    expect(outcome!.document as Finding[]).toMatchObject([
      { check: 'state', status: 'ok' },
      { check: 'server', status: 'ok', found: `ready on 127.0.0.1:${port}` },
    ])
  } finally {
    await served.stop()
    takeBack()
    web.close()
    await warehouse.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
