import { expect, test } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import { commandLine, createWriteKey, firstWriteKey, listWriteKeys, openWriteKeys, revokeWriteKey } from './index.ts'

onEachDatabase((fresh) => {
  test('a first key is made once; a revoked one is not known after a refresh', async () => {
    const state = await fresh()
    const first = await firstWriteKey(state)
    expect(await firstWriteKey(state)).toBe(first)
    const second = await createWriteKey(state, 'app', commandLine)
    const keys = await openWriteKeys(state)
    expect([keys.isKnown(first), keys.isKnown(second), keys.isKnown('')]).toEqual([true, true, false])
    const revoke = () => revokeWriteKey(state, first, commandLine)
    expect([await revoke(), await revoke()]).toEqual([true, false])
    await keys.refresh()
    expect([keys.isKnown(first), keys.isKnown(second)]).toEqual([false, true])
    expect(await listWriteKeys(state)).toHaveLength(2)
  })
})
