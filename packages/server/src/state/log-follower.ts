import type { State, StateQueries } from './state.ts'

/** A step holds the thread for some tens of milliseconds at most. */
const eventsAtOnce = 1000

/** Follows the event log from where it stopped. */
export interface LogFollower {
  /** Takes in everything up to `position`, all or nothing a step; calls wait for one another. */
  catchUp(position: number): Promise<void>
}

/** What a follower does with the events after one position and up to another. */
export interface LogStep<Read, Found> {
  /** Its name, under which its cursor is stored. */
  readonly follower: string
  readonly read: (after: number, upto: number) => Promise<Read>
  /** Enters what was read into the state, in one transaction with the cursor; entering it again must change nothing. */
  readonly enter: (queries: StateQueries, read: Read) => Promise<Found>
  /** Tells others of what was found, once it is on disk. */
  readonly publish: (found: Found, read: Read) => Promise<void>
}

export function followLog<Read, Found>(state: State, step: LogStep<Read, Found>): LogFollower {
  const { follower, read, enter, publish } = step
  let last: Promise<void> = Promise.resolve()
  const catchUp = async (position: number): Promise<void> => {
    let cursor = await cursorOf(state, follower)
    while (cursor < position) {
      const upto = Math.min(cursor + eventsAtOnce, position)
      const events = await read(cursor, upto)
      const found = await state.transaction(async (queries) => {
        const entered = await enter(queries, events)
        await queries
          .insertInto('cursors')
          .values({ follower, position: upto })
          .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position: upto }))
          .execute()
        return entered
      })
      await publish(found, events)
      cursor = upto
    }
  }
  return {
    catchUp: (position) => {
      const turn = last.then(() => catchUp(position))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

async function cursorOf({ queries }: State, follower: string): Promise<number> {
  const row = await queries.selectFrom('cursors').select('position').where('follower', '=', follower).executeTakeFirst()
  return row?.position ?? 0
}
