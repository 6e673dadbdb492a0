import { expect, test } from 'vitest'
import { onEachDatabase } from '../../state/each-database.contract.ts'
import { keepList, listCustomers } from '../live/stored-lists.ts'
import { declareSegments } from '../live/stored-segment-definitions.ts'
import { changeList, type ListEdit } from './change-list.ts'

const list = { id: 'list.vip', name: 'VIP', words: 'by hand', list: true }

// The browser b was joined with ann; nobody is called x.
async function resolve(ids: readonly string[]) {
  const customerOf = new Map(ids.map((id) => [id, id === 'anonymous:b' ? 'ann' : id]))
  const isUnknown = (id: string): boolean => id === 'x'
  const known = [...new Set(ids.filter((id) => !isUnknown(id)).map((id) => customerOf.get(id)!))]
  return { known, unknown: ids.filter(isUnknown), customerOf }
}

onEachDatabase((fresh) => {
  test('changes who is on a list by whom ids name, also those that were put on it before a merge', async () => {
    const state = await fresh()
    await declareSegments(state.queries, [list])
    await keepList(state.queries, 'list.vip', ['anonymous:b', 'bob', 'x'])
    const change = async (edit: ListEdit) => {
      const { customers, added, removed, unknown } = await changeList(state, resolve, 'list.vip', edit, async () => {})
      return [[customers, added, removed, unknown], await listCustomers(state.queries, 'list.vip')]
    }
    // Ann is on it already, and stays by the id by which she came.
    expect(await change({ add: ['ann', 'cid'], remove: [] })).toEqual([
      [4, 1, 0, []],
      ['anonymous:b', 'bob', 'cid', 'x'],
    ])
    expect(await change({ add: [], remove: ['ann', 'x'] })).toEqual([
      [2, 0, 2, []],
      ['bob', 'cid'],
    ])
    expect(await change({ customers: ['anonymous:b', 'bob', 'x'] })).toEqual([
      [2, 1, 1, ['x']],
      ['ann', 'bob'],
    ])
    // A wrong file names nobody.
    const refused = { code: 'segments.list-empty', message: expect.stringContaining('list.vip, which has 2 customers') }
    await expect(change({ customers: [] })).rejects.toMatchObject(refused)
    await expect(change({ customers: ['x'] })).rejects.toThrow(
      'got 1 that name nobody: to take out everybody, give --empty',
    )
    expect(await listCustomers(state.queries, 'list.vip')).toEqual(['ann', 'bob'])
    expect(await change({ customers: [], mayEmpty: true })).toEqual([[0, 0, 2, []], []])
    // Where nobody is, nobody is lost.
    expect(await change({ customers: [] })).toEqual([[0, 0, 0, []], []])
  })
})
