import type { State, StateQueries } from './state.ts'

/** Most events say nothing new to a follower and are passed over; of the others a step takes `rowsAtOnce`. */
const positionsAtOnce = 50_000

/** Rows that a step may take in: it holds the thread for some milliseconds. */
export const rowsAtOnce = 250

/** Follows the event log from where it stopped. */
export interface LogFollower {
  /** Takes in everything up to `position`, all or nothing a step; calls wait for one another. */
  catchUp(position: number): Promise<void>
}

/** What a follower does with the events after one position and up to another. */
export interface LogStep<Row extends { readonly position: number }, Found> {
  /** Its name, under which its cursor is stored. */
  readonly follower: string
  /** The first `rowsAtOnce` events after one position and up to another that say something to it, in their order. */
  readonly read: (after: number, upto: number) => Promise<readonly Row[]>
  /** Enters what was read into the state, in one transaction with the cursor; entering it again must change nothing. */
  readonly enter: (queries: StateQueries, rows: readonly Row[]) => Promise<Found>
  /** Tells others of what was found, once it is on disk. */
  readonly publish: (found: Found, rows: readonly Row[]) => Promise<void>
}

export function followLog<Row extends { readonly position: number }, Found>(
  state: State,
  step: LogStep<Row, Found>,
): LogFollower {
  const { follower, read, enter, publish } = step
  let last: Promise<void> = Promise.resolve()
  const catchUp = async (position: number): Promise<void> => {
    let cursor = await cursorOf(state, follower)
    while (cursor < position) {
      const end = Math.min(cursor + positionsAtOnce, position)
      const rows = await read(cursor, end)
      const upto = rows.length < rowsAtOnce ? end : rows.at(-1)!.position
      const found = await state.transaction(async (queries) => {
        const entered = await enter(queries, rows)
        await queries
          .insertInto('cursors')
          .values({ follower, position: upto })
          .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position: upto }))
          .execute()
        return entered
      })
      await publish(found, rows)
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
