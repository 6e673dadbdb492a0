import { afterEach, expect, test, vi } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import {
  callerOfSession,
  commandLine,
  findOperator,
  invitedOperator,
  inviteOwner,
  inviteToJoin,
  join,
  LoginAttempts,
  listOperators,
  logIn,
  openByInvitation,
  operatorOfEmail,
  readAudit,
  removeOperator,
  setCredentials,
  setRole,
} from './index.ts'

afterEach(() => {
  vi.useRealTimers()
})

const password = 'correct horse battery'
const actor = commandLine
const address = '192.0.2.1'

onEachDatabase((fresh) => {
  test('an owner sets a password, invites somebody, and changes and ends what they may', async () => {
    const state = await fresh()
    const opened = (await openByInvitation(state, await inviteOwner(state)))!
    const { id: ownerId } = (await callerOfSession(state, opened))!
    const own = { name: 'Olga', email: 'Olga@Shop.example', password, current: '' }
    const secret = await setCredentials(state, new LoginAttempts(), ownerId, own)
    expect(await callerOfSession(state, opened)).toBeUndefined()
    expect(await callerOfSession(state, secret)).toMatchObject({ id: ownerId })

    const ann = await operatorOfEmail(state, { email: 'ann@shop.example', role: 'marketer', actor })
    const [first, token] = [await inviteToJoin(state, ann, actor), await inviteToJoin(state, ann, actor)]
    await expect(invitedOperator(state.queries, first)).rejects.toMatchObject({ code: 'access.invitation' })
    expect(await invitedOperator(state.queries, token)).toEqual(ann)
    const joined = await join(state, token, { name: 'Ann', email: 'ann@shop.example', password })
    expect(await callerOfSession(state, joined)).toEqual({ kind: 'operator', id: ann.operatorId, role: 'marketer' })
    await expect(join(state, token, { name: '', email: 'ann@shop.example', password })).rejects.toThrow('unused')

    await setRole(state, { operatorId: ann.operatorId, role: 'viewer', actor })
    expect(await callerOfSession(state, joined)).toMatchObject({ role: 'viewer' })
    await removeOperator(state, { operatorId: ann.operatorId, actor })
    expect(await callerOfSession(state, joined)).toBeUndefined()
    expect((await listOperators(state.queries)).map(({ email }) => email)).toEqual(['olga@shop.example'])
    const actions = (await readAudit(state.queries, { limit: 20 })).map(({ action }) => action)
    expect(actions).toContain('operators.remove')
    expect(JSON.stringify(await readAudit(state.queries, { limit: 20 }))).not.toContain('ann')
  })

  test('every link that lets somebody in is in the audit log, also one for who is there already', async () => {
    const state = await fresh()
    const ann = await operatorOfEmail(state, { email: 'ann@shop.example', role: 'viewer', actor: 'olga' })
    const again = await operatorOfEmail(state, { email: 'ann@shop.example', role: 'viewer', actor: 'omar' })
    await inviteToJoin(state, again, 'omar')
    await inviteOwner(state, commandLine)
    await inviteOwner(state)
    const entries = await readAudit(state.queries, { limit: 20 })
    expect(entries.map(({ actor, action, target }) => [actor, action, target]).reverse()).toEqual([
      ['olga', 'operators.invite', ann.operatorId],
      ['omar', 'operators.link', ann.operatorId],
      [commandLine, 'sessions.link', null],
    ])
  })

  test('the last owner stays, as owner', async () => {
    const state = await fresh()
    await inviteOwner(state)
    const [owner] = await listOperators(state.queries)
    const { operatorId } = owner!
    await expect(removeOperator(state, { operatorId, actor })).rejects.toMatchObject({ code: 'access.last-owner' })
    await expect(setRole(state, { operatorId, role: 'viewer', actor })).rejects.toThrow('owner left')
    const other = await operatorOfEmail(state, { email: 'b@shop.example', role: 'owner', actor })
    await removeOperator(state, { operatorId, actor })
    await expect(removeOperator(state, { operatorId: other.operatorId, actor })).rejects.toThrow('owner left')
  })

  test('an address is one operator’s, and the password is asked for before another one is set', async () => {
    const state = await fresh()
    const attempts = new LoginAttempts()
    const ann = await operatorOfEmail(state, { email: 'ann@shop.example', role: 'viewer', actor })
    const bob = await operatorOfEmail(state, { email: 'bob@shop.example', role: 'viewer', actor })
    const mine = { name: 'Ann', email: 'ann@shop.example', password, current: '' }
    await setCredentials(state, attempts, ann.operatorId, mine)
    await expect(setCredentials(state, attempts, bob.operatorId, mine)).rejects.toThrow('nobody else')
    const wrong = { ...mine, current: 'wrong', password: 'another long password' }
    await expect(setCredentials(state, attempts, ann.operatorId, wrong)).rejects.toMatchObject({ code: 'access.login' })
    await expect(operatorOfEmail(state, { email: 'ann@shop.example', role: 'owner', actor })).rejects.toThrow('viewer')
    expect((await findOperator(state.queries, ' ANN@shop.example')).operatorId).toBe(ann.operatorId)
    await expect(findOperator(state.queries, 'nobody')).rejects.toMatchObject({ code: 'access.no-operator' })
  })

  test('a login takes the place of the session before, and says the same whatever is wrong', async () => {
    const state = await fresh()
    const ann = await operatorOfEmail(state, { email: 'ann@shop.example', role: 'viewer', actor })
    const before = await join(state, await inviteToJoin(state, ann, actor), {
      name: '',
      email: 'ann@shop.example',
      password,
    })
    const attempts = new LoginAttempts()
    const secret = await logIn(state, attempts, { email: 'Ann@shop.example ', password, address, before })
    expect(await callerOfSession(state, before)).toBeUndefined()
    expect(await callerOfSession(state, secret)).toMatchObject({ id: ann.operatorId })
    const said = async (email: string, guess: string) =>
      logIn(state, attempts, { email, password: guess, address }).catch((error: Error) => error.message)
    expect(await said('ann@shop.example', 'wrong')).toBe(await said('nobody@shop.example', password))
    expect(await said('ann@shop.example', '')).toContain('belong together')
  })

  test('guessing is slowed down, also for an account that there is not', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    const state = await fresh()
    const attempts = new LoginAttempts()
    const codes: string[] = []
    for (let guess = 0; guess < 7; guess += 1) {
      const given = { email: 'nobody@shop.example', password: `guess ${guess}`, address }
      await logIn(state, attempts, given).catch((error) => codes.push(error.code))
    }
    expect(codes).toEqual([...Array(5).fill('access.login'), ...Array(2).fill('access.too-many-attempts')])
  })
})
