import { afterEach, expect, test, vi } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import {
  callerOfSession,
  endSession,
  inviteOwner,
  listSessions,
  openByInvitation,
  readAudit,
  revokeSession,
} from './index.ts'

afterEach(() => {
  vi.useRealTimers()
})
const days = 86_400_000

onEachDatabase((fresh) => {
  test('an invitation opens one session of the owner, once', async () => {
    const state = await fresh()
    const token = await inviteOwner(state)
    const secret = (await openByInvitation(state, token))!
    expect(await callerOfSession(state, secret)).toMatchObject({ kind: 'operator', role: 'owner' })
    expect(await openByInvitation(state, token)).toBeUndefined()
    expect(await callerOfSession(state, `${secret}x`)).toBeUndefined()
    expect(await openByInvitation(state, 'wrong')).toBeUndefined()
    expect(JSON.stringify(await state.queries.selectFrom('sessions').selectAll().execute())).not.toContain(secret)
  })

  test('invitations end after an hour, sessions after thirty days or seven without a request', async () => {
    const state = await fresh()
    const [late, token] = [await inviteOwner(state), await inviteOwner(state)]
    const secret = (await openByInvitation(state, token))!
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 })
    expect(await openByInvitation(state, late)).toBeUndefined()
    const idle = (await openByInvitation(state, await inviteOwner(state)))!
    for (let day = 0; day < 30; day += 6) {
      expect(await callerOfSession(state, secret)).toBeDefined()
      vi.setSystemTime(Date.now() + 6 * days)
    }
    expect(await callerOfSession(state, secret)).toBeUndefined()
    expect(await callerOfSession(state, idle)).toBeUndefined()
  })

  test('sessions are listed, revoked one by one by whose they are, and ended by their browser', async () => {
    const state = await fresh()
    const secrets = [await openByInvitation(state, await inviteOwner(state))]
    secrets.push(await openByInvitation(state, await inviteOwner(state)))
    const { id } = (await callerOfSession(state, secrets[0]!))!
    const [newest] = await listSessions(state, id)
    expect(await revokeSession(state, 'somebody', newest!.sessionId)).toBe(false)
    expect(await revokeSession(state, id, newest!.sessionId)).toBe(true)
    expect(await listSessions(state, id)).toHaveLength(1)
    const entry = { actor: id, action: 'sessions.revoke', target: newest!.sessionId }
    expect(await readAudit(state.queries, { limit: 9 })).toMatchObject([entry])
    for (const secret of secrets) await endSession(state.queries, secret!)
    expect(await listSessions(state, id)).toEqual([])
  })

  test('a session that could not be entered into the audit log as ended goes on', async () => {
    const state = await fresh()
    const secret = (await openByInvitation(state, await inviteOwner(state)))!
    const { id } = (await callerOfSession(state, secret))!
    const [session] = await listSessions(state, id)
    await state.queries.schema.dropTable('audit').execute()
    await expect(revokeSession(state, id, session!.sessionId)).rejects.toThrow()
    expect(await callerOfSession(state, secret)).toBeDefined()
  })
})
