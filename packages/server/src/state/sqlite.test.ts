import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inspectState, openState } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const library = JSON.stringify(createRequire(import.meta.url).resolve('libsql'))

test('another program that opens the file and closes it leaves the log of an open store in its place', async () => {
  const state = await openState(folder)
  // As every command beside a server does.
  const command = await openState(folder)
  await command.close()
  const file = join(folder, 'state.sqlite')
  const look = `const D = require(${library}); const d = new D(${JSON.stringify(file)}); d.prepare('select count(*) from settings').get(); d.close()`
  execFileSync(process.execPath, ['-e', look])
  await inspectState(folder, undefined)
  expect(existsSync(`${file}-wal`)).toBe(true)
  await state.queries.insertInto('settings').values({ name: 'after', value: 'kept' }).execute()
  execFileSync(process.execPath, ['-e', look])
  await state.close()
  const again = await openState(folder)
  expect(await again.queries.selectFrom('settings').selectAll().where('name', '=', 'after').execute()).toHaveLength(1)
  await again.close()
})
