import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { keepFamily } from '../families/stored-families.ts'
import { declareSegments } from '../live/stored-segment-definitions.ts'
import { checkReceiverSegments, checkReceiverUrl } from './receiver-checks.ts'

it.each(['http://crm.example/', 'http://10.crm.example/', 'http://127.0.0.1.crm.example/', 'http://8.8.8.8/'])(
  'refuses %s, where others can listen',
  (url) => {
    expect(() => checkReceiverUrl(url, [])).toThrow('the URL must begin with https://, got http://')
  },
)

it('refuses a URL with a password', () => {
  expect(() => checkReceiverUrl('https://me:secret@crm.example/', [])).toThrow('must hold no password')
})

it.each([
  ['http://localhost:9911/hook', ['localhost']],
  ['http://localhost:9911/hook', ['127.0.0.0/8']],
  ['https://localhost/hook', ['::1']],
  ['http://[::1]:9911/hook', ['::1']],
  ['http://169.254.169.254/hook', ['169.254.0.0/16']],
  ['https://10.0.0.7/hook', ['10.0.0.7']],
])('%s is taken only where %j allows it', (url, allowed) => {
  const other = ['crm.intern', '192.168.0.0/16']
  expect(() => checkReceiverUrl(url, allowed)).not.toThrow()
  expect(() => checkReceiverUrl(url, other)).toThrow(
    expect.objectContaining({
      code: 'segments.receiver-url',
      message: expect.stringContaining('one that RAPPORT_ALLOW_HOSTS lists (crm.intern, 192.168.0.0/16), got '),
    }),
  )
  expect(() => checkReceiverUrl(url, [])).toThrow('lists (none), got ')
})

it('takes names and public addresses', () => {
  for (const url of ['https://crm.example/hook', 'https://8.8.8.8/hook', 'https://10.crm.example/'])
    expect(() => checkReceiverUrl(url, [])).not.toThrow()
})

it('takes segments that are declared or of a family, and no others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-receiver-checks-'))
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  await declareSegments(state.queries, [{ id: 'list.vip', name: 'VIP', words: 'by hand', list: true }])
  const groups = { found: true, segments: [{ id: 'winter.1', name: 'Skiers' }] }
  const result = { kind: 'discover', family: 'winter', groups } as never
  await keepFamily(warehouse, { family: 'winter', request: {}, modelId: null, asOf: 0, result })
  const check = (segments: readonly string[] | null) => checkReceiverSegments(warehouse, state.queries, segments)
  await check(null)
  await check(['list.vip', 'winter.1'])
  await expect(check(['list.vip', 'winter.2', 'rfm.champions'])).rejects.toMatchObject({
    code: 'segments.receiver-segments',
    message: expect.stringContaining('got winter.2, rfm.champions: '),
  })
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})
