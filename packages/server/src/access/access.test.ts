import { afterEach, expect, test, vi } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import {
  callerOfKey,
  createApiKey,
  createWriteKey,
  firstWriteKey,
  listApiKeys,
  listWriteKeys,
  openSessions,
  openWriteKeys,
  revokeApiKey,
  revokeWriteKey,
} from './index.ts'

afterEach(() => {
  vi.useRealTimers()
})

onEachDatabase((fresh) => {
  test('an invitation opens one session, once', async () => {
    const sessions = openSessions(await fresh())
    const token = await sessions.invite()
    const secret = (await sessions.accept(token))!
    expect(await sessions.callerOf(secret)).toMatchObject({ kind: 'operator', role: 'owner' })
    expect(await sessions.accept(token)).toBeUndefined()
    expect(await sessions.callerOf(`${secret}x`)).toBeUndefined()
    expect(await sessions.accept('wrong')).toBeUndefined()
  })

  test('invitations end after an hour, sessions after thirty days or seven without a request', async () => {
    const sessions = openSessions(await fresh())
    const [late, token] = [await sessions.invite(), await sessions.invite()]
    const secret = (await sessions.accept(token))!
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
    expect(await sessions.accept(late)).toBeUndefined()
    const other = (await sessions.accept(await sessions.invite()))!
    for (let days = 0; days < 30; days += 6) {
      expect(await sessions.callerOf(secret)).toBeDefined()
      vi.setSystemTime(Date.now() + 6 * 86_400_000)
    }
    expect(await sessions.callerOf(secret)).toBeUndefined()
    expect(await sessions.callerOf(other)).toBeUndefined()
  })

  test('an API key is known by its secret until it is revoked, and the store holds no secret', async () => {
    const state = await fresh()
    const { keyId, secret } = await createApiKey(state, 'crm')
    expect(await callerOfKey(state, secret)).toEqual({ kind: 'key', id: keyId, scopes: ['customers.read'] })
    expect(await callerOfKey(state, `${secret}x`)).toBeUndefined()
    expect(JSON.stringify(await state.queries.selectFrom('api_keys').selectAll().execute())).not.toContain(secret)
    expect([await revokeApiKey(state, keyId), await revokeApiKey(state, keyId)]).toEqual([true, false])
    expect(await callerOfKey(state, secret)).toBeUndefined()
    expect((await listApiKeys(state)).map(({ name }) => name)).toEqual(['crm'])
  })

  test('a first write key is made once; a revoked one is not known after a refresh', async () => {
    const state = await fresh()
    const first = await firstWriteKey(state)
    expect(await firstWriteKey(state)).toBe(first)
    const second = await createWriteKey(state, 'app')
    const keys = await openWriteKeys(state)
    expect([keys.isKnown(first), keys.isKnown(second), keys.isKnown('')]).toEqual([true, true, false])
    expect([await revokeWriteKey(state, first), await revokeWriteKey(state, first)]).toEqual([true, false])
    await keys.refresh()
    expect([keys.isKnown(first), keys.isKnown(second)]).toEqual([false, true])
    expect(await listWriteKeys(state)).toHaveLength(2)
  })
})
