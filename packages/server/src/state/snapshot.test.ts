import { expect, test } from 'vitest'
import { onEachPlace, type StatePlace } from './each-database.contract.ts'
import { isStateEmpty, openState, openStateSnapshot, restoreState, type StateRow, type StateSnapshot } from './index.ts'

const cursors = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ follower: `ä ${from + at}`, position: 2 ** 53 - 1 - at }))

async function contentsOf(snapshot: StateSnapshot): Promise<Map<string, StateRow[]>> {
  const contents = new Map<string, StateRow[]>()
  for (const table of snapshot.tables) {
    const all: StateRow[] = []
    for await (const rows of snapshot.rows(table)) all.push(...rows)
    contents.set(
      table,
      all.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    )
  }
  return contents
}

async function* once<Item>(items: Item): AsyncGenerator<Item> {
  yield items
}

async function contentsIn({ folder, url }: StatePlace): Promise<Map<string, StateRow[]>> {
  const snapshot = await openStateSnapshot(folder, url)
  const contents = await contentsOf(snapshot)
  await snapshot.close()
  return contents
}

onEachPlace((place) => {
  test('a snapshot holds what was there when it was opened, and gives it back elsewhere as it was', async () => {
    const { folder, url } = await place()
    const state = await openState(folder, url)
    await state.queries.insertInto('cursors').values(cursors(0, 600)).execute()
    await state.queries.insertInto('settings').values({ name: 'a', value: 'x\n\t"\\' }).execute()
    const snapshot = await openStateSnapshot(folder, url)
    await state.queries.insertInto('cursors').values(cursors(600, 700)).execute()
    await state.queries.deleteFrom('settings').execute()
    const contents = await contentsOf(snapshot)
    expect(contents.get('cursors')).toHaveLength(600)
    expect(contents.get('settings')).toEqual([{ name: 'a', value: 'x\n\t"\\' }])
    expect(snapshot.tables).toContain('jobs')
    await snapshot.close()
    await state.close()

    const target = await place()
    const restored = await restoreState(target.folder, target.url, snapshot.migrations, (table) =>
      once(contents.get(table)!),
    )
    await restored.takeOver()
    await restored.close()
    expect(await contentsIn(target)).toEqual(contents)
  })

  test('one of an older schema is brought up to date, in the place of what is there', async () => {
    const target = await place()
    if (target.url !== undefined) {
      const state = await openState(target.folder, target.url)
      await state.queries.insertInto('settings').values({ name: 'old', value: '1' }).execute()
      await state.close()
      expect(await isStateEmpty(target.url)).toBe(false)
    }
    const restored = await restoreState(target.folder, target.url, ['001-first'], (table) =>
      once(table === 'settings' ? [{ name: 'new', value: '2' }] : []),
    )
    await restored.takeOver()
    await restored.close()
    const state = await openState(target.folder, target.url)
    expect(await state.queries.selectFrom('settings').selectAll().execute()).toEqual([{ name: 'new', value: '2' }])
    expect(await state.queries.selectFrom('audit').selectAll().execute()).toEqual([])
    await state.close()
  })

  test('one that fails leaves what is there', async () => {
    const target = await place()
    const failing = restoreState(target.folder, target.url, ['001-first'], () => once([{ nonsense: 1 }]))
    await expect(failing).rejects.toThrow(/nonsense/)
    if (target.url !== undefined) expect(await isStateEmpty(target.url)).toBe(true)
    const later = restoreState(target.folder, target.url, ['999-later'], () => once([]))
    await expect(later).rejects.toMatchObject({ code: 'state.newer' })
  })
})
