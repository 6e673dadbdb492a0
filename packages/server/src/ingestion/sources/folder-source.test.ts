import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkFolder } from './folder-source.ts'
import { findSource } from './stored-sources.ts'
import { TestSources } from './test-sources.contract.ts'

const allowed = realpathSync(mkdtempSync(join(tmpdir(), 'rapport-watched-')))
const store = new TestSources({ folders: [allowed] })
let folder: string
let folders = 0

beforeAll(() => store.open())
afterAll(async () => {
  await store.remove()
  rmSync(allowed, { recursive: true, force: true })
})
beforeEach(async () => {
  folders += 1
  folder = join(allowed, `feeds-${folders}`)
  mkdirSync(folder)
  await store.warehouse.run('delete from products; delete from source_cursors')
  await store.put('feed', { from: { type: 'folder', path: folder }, into: { kind: 'products', currency: 'EUR' } })
})

/** A file that was written so many seconds ago. */
function write(name: string, text: string, secondsAgo = 60): void {
  writeFileSync(join(folder, name), text)
  const at = new Date(Date.now() - secondsAgo * 1000)
  utimesSync(join(folder, name), at, at)
}
const csv = (...rows: string[]): string => `product_id,price\n${rows.join('\n')}\n`
const held = () =>
  store.warehouse.rows('select product_id as id, price_micros / 1e6 as price from current_products order by 1')

test('files of every format are taken once each, the oldest first', async () => {
  write('b.csv', csv('mug,7.50', 'cup,2.25'), 200)
  write('a.csv', csv('mug,8.25'), 100)
  write('c.jsonl', '{"product_id": "pot", "price": 19.995}\n')
  expect(await store.run('feed')).toMatchObject({ read: 4, accepted: 4 })
  expect(await held()).toEqual([
    { id: 'cup', price: 2.25 },
    { id: 'mug', price: 8.25 },
    { id: 'pot', price: 19.995 },
  ])
  expect(await store.run('feed')).toMatchObject({ read: 0 })
})

test('touched, renamed or copied, the same content is not taken again; changed, and changed back, it is', async () => {
  write('feed.csv', csv('mug,7.50'), 100)
  await store.run('feed')
  write('feed.csv', csv('mug,7.50'), 90)
  write('copy.csv', csv('mug,7.50'), 80)
  expect(await store.run('feed')).toMatchObject({ read: 0 })
  renameSync(join(folder, 'feed.csv'), join(folder, 'moved.csv'))
  expect(await store.run('feed')).toMatchObject({ read: 0 })
  for (const [price, secondsAgo] of [
    ['8.25', 70],
    ['7.50', 60],
  ] as const) {
    write('moved.csv', csv(`mug,${price}`), secondsAgo)
    expect(await store.run('feed')).toMatchObject({ accepted: 1 })
  }
  expect(await held()).toEqual([{ id: 'mug', price: 7.5 }])
})

test('what somebody is still writing, hides or links to is left alone', async () => {
  // By its time it is written right now, however long the test takes.
  write('fresh.csv', csv('mug,7.50'), -3600)
  for (const name of ['x.csv.tmp', 'y.csv.part', '.z.csv']) write(name, csv('cup,1.25'))
  symlinkSync('/etc/passwd', join(folder, 'link.csv'))
  mkdirSync(join(folder, 'inner.csv'))
  expect(await store.run('feed')).toMatchObject({ read: 0 })
  expect(await held()).toEqual([])
  renameSync(join(folder, 'x.csv.tmp'), join(folder, 'x.csv'))
  expect(await store.run('feed')).toMatchObject({ accepted: 1 })
})

test('a file that cannot be taken keeps no other from being taken, and is tried again', async () => {
  write('1.csv', 'colour,shape\nred,round\n', 300)
  write('2.csv', csv('mug,7.50'), 200)
  write('3.csv', '', 100)
  await expect(store.run('feed')).rejects.toThrow(expect.objectContaining({ code: 'ingestion.mapping' }))
  expect((await findSource(store.state, 'feed')).failure).toContain('(ingestion.mapping)')
  expect(await held()).toEqual([{ id: 'mug', price: 7.5 }])
  write('1.csv', csv('cup,1.25'), 50)
  rmSync(join(folder, '3.csv'))
  expect(await store.run('feed')).toMatchObject({ read: 1, accepted: 1 })
  expect((await findSource(store.state, 'feed')).failure).toBeNull()
})

test('a folder that the operator has not allowed is not read, by whatever way it is named', async () => {
  symlinkSync('/etc', join(allowed, `out-${folders}`))
  for (const path of [
    '/etc',
    `${folder}/../../..`,
    join(allowed, `out-${folders}`),
    join(allowed, 'none'),
    `${allowed}-beside`,
  ]) {
    await expect(checkFolder(path, [allowed])).rejects.toThrow(expect.objectContaining({ code: 'sources.folder' }))
  }
  await expect(checkFolder(folder, [])).rejects.toThrow('none yet')
  expect(await checkFolder(`${folder}/.`, ['/nowhere', allowed])).toBe(folder)
})
