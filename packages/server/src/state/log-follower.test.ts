import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { RapportError } from '../base/index.ts'
import { onEachDatabase } from './each-database.contract.ts'
import { failedEvents } from './failed-events.ts'
import { followLog, rowsAtOnce, rowsRead } from './log-follower.ts'
import type { State } from './state.ts'

afterEach(() => vi.useRealTimers())

interface Row {
  readonly position: number
}

interface Faults {
  /** What is wrong with the event at a position. */
  readonly bad?: (position: number) => unknown
  readonly unreadable?: (position: number) => unknown
  readonly cannotTell?: () => unknown
  /** Whether there is an event at a position. */
  readonly isThere?: (position: number) => boolean
  readonly readAtOnce?: number
}

const stopOn = (error: unknown): void => {
  if (error) throw error
}

/** A follower that keeps each position as a setting, and cannot stand some. */
function follower(state: State, { bad, unreadable, cannotTell, isThere = () => true, readAtOnce = rowsRead }: Faults) {
  const told: number[] = []
  /** How many transactions each telling was of. */
  const tellings: number[] = []
  return {
    ...{ told, tellings },
    ...followLog<Row, readonly Row[]>(state, {
      follower: 'test',
      readAtOnce,
      read: async (after, last, limit) => {
        const rows: Row[] = []
        for (let position = after + 1; position <= last && rows.length < limit; position += 1) {
          if (isThere(position)) rows.push({ position })
        }
        for (const { position } of rows) stopOn(unreadable?.(position))
        return rows
      },
      enter: async (queries, rows) => {
        for (const { position } of rows) {
          stopOn(bad?.(position))
          await queries
            .insertInto('settings')
            .values({ name: String(position), value: '' })
            .execute()
        }
        return rows
      },
      publish: async (taken) => {
        stopOn(cannotTell?.())
        told.push(...taken.flatMap(({ found }) => found.map(({ position }) => position)))
        tellings.push(taken.length)
      },
    }),
  }
}

const taken = async ({ queries }: State) =>
  (await queries.selectFrom('settings').select('name').execute())
    .map(({ name }) => Number(name))
    .sort((one, other) => one - other)
const upto = (last: number) => Array.from({ length: last }, (_, at) => at + 1)
const broken = new RapportError('identity.test', 'an id must be one, got ann@example.org')

onEachDatabase((fresh) => {
  test('events that cannot be read or taken in are put aside alone, and everything else is taken', async () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(some, some, some, some, fc.integer({ min: 1, max: 300 }), async (...drawn) => {
        const [bad, unreadable, gaps, stops, readAtOnce] = drawn
        const state = await fresh()
        const { told, catchUp } = follower(state, {
          readAtOnce,
          bad: (position) => bad.includes(position) && broken,
          unreadable: (position) => unreadable.includes(position) && new SyntaxError('Malformed JSON'),
          isThere: (position) => !gaps.includes(position),
        })
        const failed = []
        for (const position of [...stops, 700]) failed.push(...(await catchUp(position)))
        const there = upto(700).filter((position) => !gaps.includes(position))
        const isGood = (position: number): boolean => !bad.includes(position) && !unreadable.includes(position)
        expect(await taken(state)).toEqual(there.filter(isGood))
        expect(told).toEqual(there.filter(isGood))
        expect(failed.map(({ position }) => position)).toEqual(there.filter((position) => !isGood(position)))
        expect((await failedEvents(state.queries, 100)).map(({ position }) => position)).toEqual(
          there.filter((position) => !isGood(position)),
        )
      }),
      { numRuns: 6 },
    )
  })

  test('the reason says what must hold, not what the event said', async () => {
    const state = await fresh()
    const [failed] = await follower(state, { bad: (position) => position === 3 && broken }).catchUp(5)
    expect(failed).toMatchObject({ follower: 'test', position: 3, reason: 'an id must be one, got … (identity.test)' })
  })

  test('what is wrong with the machine puts nothing aside: it is tried again from where it stopped', async () => {
    const state = await fresh()
    const faults = [
      new RapportError('state.disk-full', 'the disk must have room'),
      new RapportError('warehouse.memory', 'the query must fit into memory'),
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      Object.assign(new Error('terminated'), { code: '57P01' }),
      Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' }),
      new Error('Connection terminated unexpectedly'),
    ]
    const goodSteps = 3 * rowsAtOnce
    const { told, catchUp } = follower(state, { bad: (position) => position === goodSteps + 2 && faults.shift() })
    for (let count = faults.length; count > 0; count -= 1) await expect(catchUp(400)).rejects.toThrow()
    expect(await taken(state)).toEqual(upto(goodSteps))
    expect(await catchUp(400)).toEqual([])
    expect([told, await taken(state)]).toEqual([upto(400), upto(400)])
    expect(await failedEvents(state.queries, 100)).toEqual([])
  })

  test('what was put aside is tried again at the next start', async () => {
    const state = await fresh()
    await follower(state, { bad: (position) => position % 4 === 0 && broken }).catchUp(10)
    const next = follower(state, { bad: (position) => position === 8 && broken })
    expect(await next.catchUp(12)).toEqual([])
    expect(next.told).toEqual([4, 11, 12])
    expect((await failedEvents(state.queries, 100)).map(({ position }) => position)).toEqual([8])
  })

  test('a cursor with nothing to enter waits for the next one, and is stored when asked', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const state = await fresh()
    const { catchUp, settle } = follower(state, { isThere: (position) => position === 1 })
    const stored = async () =>
      (await state.queries.selectFrom('cursors').select('position').executeTakeFirst())?.position
    for (const position of [1, 5, 9]) await catchUp(position)
    expect(await stored()).toBe(1)
    await settle()
    expect(await stored()).toBe(9)
    await catchUp(12)
    expect(await stored()).toBe(9)
    vi.setSystemTime(Date.now() + 1000)
    await catchUp(12)
    expect(await stored()).toBe(12)
  })

  test('what was read together is entered in parts, others coming between, and told of together', async () => {
    const state = await fresh()
    let turns = 0
    const counting = setInterval(() => {
      turns += 1
    })
    const { told, tellings, catchUp } = follower(state, { readAtOnce: 5 * rowsAtOnce })
    await catchUp(7 * rowsAtOnce)
    clearInterval(counting)
    expect([told, tellings]).toEqual([upto(7 * rowsAtOnce), [5, 2]])
    expect(turns).toBeGreaterThan(0)
  })

  test('what was entered before the machine failed is told by the next call, and the rest is entered and told then', async () => {
    const state = await fresh()
    const faults = [new RapportError('state.disk-full', 'the disk must have room')]
    const { told, tellings, catchUp } = follower(state, {
      bad: (position) => position === 2 * rowsAtOnce + 1 && faults.shift(),
    })
    await expect(catchUp(3 * rowsAtOnce)).rejects.toThrow('room')
    expect([told, await taken(state)]).toEqual([[], upto(2 * rowsAtOnce)])
    await catchUp(3 * rowsAtOnce)
    expect([told, tellings, await taken(state)]).toEqual([upto(3 * rowsAtOnce), [2, 1], upto(3 * rowsAtOnce)])
  })

  test('what could not be told is told by the next call', async () => {
    const state = await fresh()
    const full = new RapportError('warehouse.disk-full', 'the disk must have room')
    const faults = [full, full]
    const { told, catchUp } = follower(state, { cannotTell: () => faults.shift() })
    await expect(catchUp(5)).rejects.toThrow('room')
    await expect(catchUp(5)).rejects.toThrow('room')
    await catchUp(7)
    expect(told).toEqual(upto(7))
  })

  test('ends between two steps where it is asked to, and goes on there', async () => {
    const state = await fresh()
    const stop = new AbortController()
    const { told, catchUp } = follower(state, { readAtOnce: 10, cannotTell: () => stop.abort() })
    await catchUp(100, stop.signal)
    expect(told).toEqual(upto(10))
    await catchUp(100)
    expect(told).toEqual(upto(100))
  })
})
