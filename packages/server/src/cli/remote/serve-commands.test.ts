import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CommandServer, serveCommands } from './serve-commands.ts'
import { socketPath } from './socket-path.ts'

let folder: string
let server: CommandServer
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rapport-commands-')))
  server = await serveCommands(folder, [])
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function connected(): Promise<Socket> {
  const socket = connect(socketPath(folder))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

test('only its user can open the socket', async () => {
  expect(statSync(socketPath(folder)).mode & 0o777).toBe(0o600)
  await server.stop()
})

test('a client that says half a line keeps the server from nothing', async () => {
  const socket = await connected()
  const closed = once(socket, 'close')
  socket.write('{"run":')
  await new Promise((wait) => setTimeout(wait, 50))
  await server.stop()
  await closed
})

test.each([
  ['a line without end', 'x'.repeat(3_000_000)],
  ['no JSON', 'x\n'],
  ['null', 'null\n'],
])('%s ends the connection, and others are answered', async (_, text) => {
  const bad = await connected()
  // Cut off while it still writes it may see a reset: that is an end too.
  const closed = new Promise((ended) => bad.once('close', ended))
  bad.write(text)
  await closed
  const good = await connected()
  good.write('{"run":7}\n')
  const [answer] = await once(good, 'data')
  expect(String(answer)).toContain('cli.version')
  good.destroy()
  await server.stop()
})
