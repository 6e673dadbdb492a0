import { afterEach, expect, test, vi } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import { callerOfKey, commandLine, createApiKey, listApiKeys, readAudit, revokeApiKey, rotateApiKey } from './index.ts'

afterEach(() => {
  vi.useRealTimers()
})
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
const asked = { name: 'crm', scopes: ['customers.read', 'jobs.run'], expiresAt: null, actor: commandLine } as const

onEachDatabase((fresh) => {
  test('a key is known by its secret until it is revoked, and the store holds no secret', async () => {
    const state = await fresh()
    const { keyId, secret } = await createApiKey(state, asked)
    expect(await callerOfKey(state, secret)).toEqual({ kind: 'key', id: keyId, scopes: asked.scopes })
    expect(await callerOfKey(state, `${secret}x`)).toBeUndefined()
    expect(JSON.stringify(await state.queries.selectFrom('api_keys').selectAll().execute())).not.toContain(secret)
    const revoke = () => revokeApiKey(state, { keyId, actor: commandLine })
    expect([await revoke(), await revoke()]).toEqual([true, false])
    expect(await callerOfKey(state, secret)).toBeUndefined()
    expect((await readAudit(state.queries, { limit: 9 })).map(({ action }) => action).sort()).toEqual([
      'keys.create',
      'keys.revoke',
    ])
  })

  test('after a rotation both secrets hold, then the new one only', async () => {
    const state = await fresh()
    const { keyId, secret: old } = await createApiKey(state, asked)
    const { secret } = await rotateApiKey(state, { keyId, graceMs: 60_000, actor: commandLine })
    expect([await callerOfKey(state, old), await callerOfKey(state, secret)].map(Boolean)).toEqual([true, true])
    later(61_000)
    expect([await callerOfKey(state, old), await callerOfKey(state, secret)].map(Boolean)).toEqual([false, true])
    await revokeApiKey(state, { keyId, actor: commandLine })
    await expect(rotateApiKey(state, { keyId, graceMs: 0, actor: commandLine })).rejects.toThrow('one that holds')
  })

  test('a key ends when it should, and says when it was last used', async () => {
    const state = await fresh()
    const { secret } = await createApiKey(state, { ...asked, expiresAt: Date.now() + 60_000 })
    expect((await listApiKeys(state))[0]!.usedAt).toBeNull()
    expect(await callerOfKey(state, secret)).toBeDefined()
    expect((await listApiKeys(state))[0]!.usedAt).toBeGreaterThan(0)
    later(61_000)
    expect(await callerOfKey(state, secret)).toBeUndefined()
  })
})
