import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type GuardedFetch, guardedFetch, type OutgoingRequest } from '../../base/index.ts'
import { startRunner } from '../../jobs/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import type { Movement } from '../live/movement.ts'
import type { KeptMovement, ToldMovement } from '../movements/kept-movement.ts'
import { MovementJournal } from '../movements/movement-journal.ts'
import { addReceiver, listReceivers, resumeReceiver, rotateReceiver } from './stored-receivers.ts'
import { Telling, tellReceiverJob } from './tell-receivers.ts'

let folder: string
let warehouse: Warehouse
let state: State
let journal: MovementJournal
let asked: { readonly url: string; readonly request: OutgoingRequest }[]
let answers: (number | Error)[]
let fetch: GuardedFetch
let mayTell: (movement: KeptMovement) => boolean

const fail = (error: unknown): never => {
  throw error
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-receivers-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  journal = await MovementJournal.open(warehouse, { onFailure: fail })
  asked = []
  answers = []
  mayTell = () => true
  fetch = async (url, request = {}) => {
    const answer = answers.shift() ?? 200
    if (answer instanceof Error) throw answer
    asked.push({ url, request })
    return { status: answer, headers: {}, body: Buffer.alloc(0) } as never
  }
})

afterEach(async () => {
  await journal.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const move = (customer: string, sequence: number, more: Partial<Movement> = {}): Movement => ({
  ...{ segment: 'rule.keen', version: 1, sequence, customer, at: Date.now(), isEntry: true },
  reason: { because: 'event', clauses: [] },
  ...more,
})
const draft = { name: 'crm', url: 'https://crm.example/in', segments: null, takesDefinitions: false }
const parts = () => ({ state, journal, fetch, mayTell: (movement: KeptMovement) => mayTell(movement) })
/** One try, as the runner makes it. */
const tell = async (receiverId: string): Promise<void> => {
  const work = { signal: new AbortController().signal, onProgress: () => undefined }
  await tellReceiverJob(parts()).run({ receiverId }, work)
}
const told = (): string[] =>
  asked.flatMap(({ request }) =>
    (JSON.parse(String(request.body)) as { movements: ToldMovement[] }).movements.map(({ id }) => id),
  )

it('tells what comes from then on, in order, signed, each movement once', async () => {
  journal.add([move('before', 1, { at: Date.now() - 1000 })])
  await journal.flush()
  const { receiver, secret } = await addReceiver(state.queries, draft)
  await tell(receiver.receiverId)
  journal.add([move('ann', 2), move('bob', 3), move('bob', 4, { isEntry: false })])
  await journal.flush()
  await tell(receiver.receiverId)
  await tell(receiver.receiverId)
  expect(told()).toEqual(['rule.keen/2', 'rule.keen/3', 'rule.keen/4'])
  const { url, request } = asked[0]!
  const { credentials = {}, body } = request
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signed = `${credentials['webhook-id']}.${credentials['webhook-timestamp']}.${body}`
  expect(credentials['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  expect([url, request.redirects]).toEqual(['https://crm.example/in', 0])
  expect(JSON.parse(String(body))).toMatchObject({
    id: credentials['webhook-id'],
    movements: [{ type: 'segment.entered', customerId: 'ann' }, {}, { type: 'segment.left' }],
  })
  expect(await listReceivers(state.queries)).toMatchObject([{ delivered: 3, failure: null }])
  expect(JSON.stringify(await listReceivers(state.queries))).not.toContain(secret)
})

it('is told of what came before it was looked for the first time, wherever that is kept', async () => {
  const { receiver } = await addReceiver(state.queries, draft)
  journal.add([move('ann', 1)])
  await journal.settle()
  journal.add([move('bob', 2)])
  await journal.flush()
  await tell(receiver.receiverId)
  expect(told()).toEqual(['rule.keen/1', 'rule.keen/2'])
})

it('sends again what was not taken, with the same ids, and never goes past it', async () => {
  const { receiver } = await addReceiver(state.queries, draft)
  await tell(receiver.receiverId)
  journal.add([move('ann', 1)])
  await journal.flush()
  answers = [503, new Error('no way there')]
  await expect(tell(receiver.receiverId)).rejects.toThrow('must answer with a status of 200 to 299, got 503')
  await expect(tell(receiver.receiverId)).rejects.toThrow('no way there')
  expect(await listReceivers(state.queries)).toMatchObject([{ delivered: 0, failure: 'no way there', pausedAt: null }])
  await tell(receiver.receiverId)
  expect(told()).toEqual(['rule.keen/1', 'rule.keen/1'])
  expect(new Set(asked.map(({ request }) => request.credentials?.['webhook-id'])).size).toBe(1)
  expect(await listReceivers(state.queries)).toMatchObject([{ delivered: 1, failure: null, failingSince: null }])
})

it('leaves one alone that says that it is gone, until it is resumed', async () => {
  const { receiver } = await addReceiver(state.queries, draft)
  await tell(receiver.receiverId)
  journal.add([move('ann', 1)])
  await journal.flush()
  answers = [410]
  await expect(tell(receiver.receiverId)).rejects.toThrow('got 410')
  await tell(receiver.receiverId)
  expect(asked).toHaveLength(1)
  await resumeReceiver(state.queries, receiver.receiverId)
  await tell(receiver.receiverId)
  expect(told()).toEqual(['rule.keen/1', 'rule.keen/1'])
})

it('tells of the segments that are wanted, of definitions where asked, and of nobody who may not be told of', async () => {
  const one = await addReceiver(state.queries, { ...draft, segments: ['rule.left'] })
  const all = await addReceiver(state.queries, { ...draft, name: 'all', takesDefinitions: true })
  for (const { receiver } of [one, all]) await tell(receiver.receiverId)
  const definition = { because: 'definition', clauses: [] } as const
  mayTell = ({ customer }) => customer !== 'cleo'
  journal.add([
    move('ann', 1),
    move('bob', 1, { segment: 'rule.left' }),
    move('bob', 2, { segment: 'rule.left', reason: definition }),
    move('cleo', 3, { segment: 'rule.left' }),
  ])
  await journal.flush()
  await tell(one.receiver.receiverId)
  expect(told()).toEqual(['rule.left/1'])
  asked = []
  await tell(all.receiver.receiverId)
  expect(told()).toEqual(['rule.keen/1', 'rule.left/1', 'rule.left/2'])
})

it('signs with the secret of before too, for a day', async () => {
  const { receiver } = await addReceiver(state.queries, draft)
  await tell(receiver.receiverId)
  await rotateReceiver(state.queries, receiver.receiverId)
  journal.add([move('ann', 1)])
  await journal.flush()
  await tell(receiver.receiverId)
  expect(asked[0]!.request.credentials?.['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
})

it('reaches no host that is not public', async () => {
  fetch = guardedFetch([])
  const { receiver } = await addReceiver(state.queries, { ...draft, url: 'http://127.0.0.1:9/' })
  await tell(receiver.receiverId)
  journal.add([move('ann', 1)])
  await journal.flush()
  await expect(tell(receiver.receiverId)).rejects.toMatchObject({ code: 'outgoing.address' })
})

it('is told by the jobs, soon after something was', async () => {
  const job = tellReceiverJob(parts())
  const telling = new Telling(parts(), job, fail)
  const runner = startRunner(state, [job], { onError: fail, everyMs: 20 })
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await holds()); tries += 1) {
      if (tries > 500) throw new Error('it never came')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const { receiver } = await addReceiver(state.queries, draft)
  await telling.refresh()
  const through = () => state.queries.selectFrom('receivers').select('through').executeTakeFirst()
  await until(async () => (await through())?.through === 0)
  journal.add([move('ann', 1)])
  await until(() => asked.length === 1)
  expect(told()).toEqual(['rule.keen/1'])
  expect(receiver.segments).toBeNull()
  await telling.stop()
  await runner.stop()
})
