import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditEntry, Operator } from '../../access/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import type { Command } from '../command.ts'
import { readArguments } from '../read-arguments.ts'
import { audit } from './audit.ts'
import { keys } from './keys.ts'
import { open } from './open.ts'
import { operators } from './operators.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-access-commands-'))
const url = 'http://localhost:8787'

interface PrintedKey {
  readonly key: string
  readonly secret: string
  readonly scopes: readonly string[]
}

beforeAll(async () => {
  await (await openWarehouse(folder)).close()
  const state = await openState(folder)
  await state.queries.insertInto('settings').values({ name: 'url', value: url }).execute()
  await state.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the command prints, of which the test looks at `Document`. */
async function run<Document>(command: Command, ...words: string[]) {
  const { document, text } = await command.run({
    ...{ store: folder, given: readArguments(command, words), work: {}, isInteractive: false },
    ...{ tell: () => undefined, ask: async () => false, path: (path) => path },
  })
  return { document: document as Document, text }
}

test('operators are invited, given another role and removed, and the last owner stays', async () => {
  expect((await run(open)).text).toMatch(/^http:\/\/localhost:8787\/open\/[\w-]{32}$/)
  const invited = await run(operators, 'invite', 'Ann@shop.example', '--role', 'marketer')
  expect(invited.text).toMatch(/^http:\/\/localhost:8787\/join\/[\w-]{32}$/)
  const listed = await run<Operator[]>(operators, 'list')
  expect(listed.document).toMatchObject([{ role: 'owner' }, { email: 'ann@shop.example', role: 'marketer' }])
  expect(listed.text).toContain('link')
  expect((await run<Operator>(operators, 'role', 'ann@shop.example', 'engineer')).document.role).toBe('engineer')
  await expect(run(operators, 'role', 'ann@shop.example', 'king')).rejects.toThrow('viewer, marketer, engineer, owner')
  await expect(run(operators, 'remove', listed.document[0]!.operatorId)).rejects.toThrow('owner left')
  expect((await run(operators, 'remove', 'ann@shop.example')).text).toContain('removed')
  await expect(run(operators, 'sing')).rejects.toThrow('list, invite EMAIL')
})

test('keys are made with scopes and an end, rotated and revoked', async () => {
  const made = await run<PrintedKey>(
    keys,
    'create',
    'api',
    'crm',
    '--scope',
    'customers.read',
    '--scope',
    'jobs.run',
    '--expires',
    '2999-01-01',
  )
  expect(made.document).toMatchObject({ scopes: ['customers.read', 'jobs.run'], expiresAt: '2999-01-01T00:00:00Z' })
  const rotated = await run<PrintedKey>(keys, 'rotate', made.document.key, '--grace-hours', '1')
  expect(rotated.document.secret).not.toBe(made.document.secret)
  expect((await run<PrintedKey>(keys, 'create', 'api', 'plain')).document.scopes).toEqual(['customers.read'])
  expect((await run(keys, 'create', 'write', 'app')).text).toMatch(/^wk_/)
  expect((await run(keys, 'list')).text).toContain('customers.read jobs.run')
  expect((await run(keys, 'list')).text).not.toContain('rk_')
  await run(keys, 'revoke', made.document.key)
  await expect(run(keys, 'rotate', made.document.key)).rejects.toThrow('one that holds')
  await expect(run(keys, 'create', 'api', 'late', '--expires', '2001-01-01')).rejects.toThrow('a day to come')
})

test('the audit log says what the commands did, and nobody’s address', async () => {
  const { document, text } = await run<AuditEntry[]>(audit, '--limit', '50')
  const actions = document.map(({ action }) => action)
  for (const action of [
    'sessions.link',
    'operators.invite',
    'operators.link',
    'operators.role',
    'operators.remove',
    'keys.create',
    'keys.rotate',
    'keys.revoke',
  ]) {
    expect(actions).toContain(action)
  }
  expect(text).toContain('command line')
  expect(text).not.toContain('ann@')
  expect((await run(audit, '--action', 'keys.rotate')).document).toHaveLength(1)
})
