import { afterEach, expect, test, vi } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import {
  createApiKey,
  createWriteKey,
  firstWriteKey,
  isApiKey,
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
    expect(await sessions.isOpen(secret)).toBe(true)
    expect(await sessions.accept(token)).toBeUndefined()
    expect(await sessions.isOpen(`${secret}x`)).toBe(false)
    expect(await sessions.accept('wrong')).toBeUndefined()
  })

  test('invitations end after an hour, sessions after thirty days', async () => {
    const sessions = openSessions(await fresh())
    const [late, token] = [await sessions.invite(), await sessions.invite()]
    const secret = (await sessions.accept(token))!
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
    expect(await sessions.accept(late)).toBeUndefined()
    expect(await sessions.isOpen(secret)).toBe(true)
    vi.setSystemTime(Date.now() + 30 * 86_400_000)
    expect(await sessions.isOpen(secret)).toBe(false)
  })

  test('an API key is known by its secret until it is revoked, and the store holds no secret', async () => {
    const state = await fresh()
    const { keyId, secret } = await createApiKey(state, 'crm')
    expect([await isApiKey(state, secret), await isApiKey(state, `${secret}x`)]).toEqual([true, false])
    expect(JSON.stringify(await state.queries.selectFrom('api_keys').selectAll().execute())).not.toContain(secret)
    expect([await revokeApiKey(state, keyId), await revokeApiKey(state, keyId)]).toEqual([true, false])
    expect(await isApiKey(state, secret)).toBe(false)
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
