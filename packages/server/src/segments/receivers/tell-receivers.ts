import { z } from 'zod'
import { dayMs, type GuardedFetch, now, RapportError, version, type Work } from '../../base/index.ts'
import { enqueue, type JobKind } from '../../jobs/index.ts'
import type { ReceiverTable, State } from '../../state/index.ts'
import { type KeptMovement, toldOf } from '../movements/kept-movement.ts'
import type { MovementJournal } from '../movements/movement-journal.ts'
import { signedHeaders } from './sign-delivery.ts'
import { segmentsOf, storedReceiver } from './stored-receivers.ts'

export interface TellingParts {
  readonly state: State
  readonly journal: MovementJournal
  /** Whether a movement may be told now: consents may be others than when it was kept. */
  readonly mayTell: (movement: KeptMovement) => boolean
  readonly fetch: GuardedFetch
}

/** Movements in one request. */
const atOnce = 100
const timeoutMs = 15_000
/** A receiver that fails for so long is given up until somebody resumes it, ms. */
const givenUpMs = 5 * dayMs
/** Jobs that are done are forgotten after so long: there is one for every few movements. */
const doneMs = 3_600_000
/** How long a turn of movements is waited for, so that one request tells of several, ms. */
const gatherMs = 50

const input = z.strictObject({ receiverId: z.string() })

/** Tells one receiver of everything that it was not told of: in order, again and again until it has said that it has it. */
export const tellReceiverJob = (parts: TellingParts): JobKind<z.output<typeof input>> => ({
  kind: 'tell-receiver',
  input,
  mostAttempts: 1000,
  run: async ({ receiverId }, work) => {
    let delivered = 0
    for (;;) {
      const receiver = await storedReceiver(parts.state.queries, receiverId)
      if (!receiver || receiver.paused_at !== null) return { delivered }
      const told = await tellSome(parts, receiver, work)
      if (told === undefined) return { delivered }
      delivered += told
    }
  },
})

/** @returns how many movements; undefined when there are no more */
async function tellSome(parts: TellingParts, receiver: ReceiverTable, work: Work): Promise<number | undefined> {
  const { journal } = parts
  const from = receiver.through ?? (await journal.before(receiver.created_at))
  const { movements, through } = await journal.after(from, atOnce)
  const wanted = movements.filter((movement) => isWanted(receiver, movement) && parts.mayTell(movement))
  if (wanted.length > 0) await deliver(parts, receiver, wanted, work)
  if (through !== receiver.through) await note(parts.state, receiver, { through, delivered: wanted.length })
  return through < journal.lastTold ? wanted.length : undefined
}

function isWanted(receiver: ReceiverTable, { segment, reason }: KeptMovement): boolean {
  if (reason.because === 'definition' && receiver.takes_definitions === 0) return false
  return segmentsOf(receiver)?.includes(segment) ?? true
}

async function deliver(
  { state, fetch }: TellingParts,
  receiver: ReceiverTable,
  movements: readonly KeptMovement[],
  { signal }: Work,
): Promise<void> {
  const at = now()
  // The same movements have the same id, whenever they are sent again.
  const id = `${receiver.receiver_id}-${movements[0]!.number}-${movements.at(-1)!.number}`
  const body = JSON.stringify({ id, movements: movements.map(toldOf) })
  const isOverlap = receiver.previous_secret !== null && (receiver.previous_until ?? 0) > at
  const secrets = isOverlap ? [receiver.secret, receiver.previous_secret] : [receiver.secret]
  try {
    const { status } = await fetch(receiver.url, {
      ...{ method: 'POST', body, redirects: 0, timeoutMs, mostBytes: 64 * 1024 },
      headers: { 'content-type': 'application/json', 'user-agent': `rapport/${version}` },
      credentials: signedHeaders(secrets, { id, at, body }),
      ...(signal ? { signal } : {}),
    })
    if (status >= 200 && status < 300) return
    // Gone, and says so.
    if (status === 410) await pause(state, receiver, at)
    const { origin } = new URL(receiver.url)
    throw new RapportError(
      'segments.receiver-answer',
      `${origin} must answer with a status of 200 to 299, got ${status}`,
    )
  } catch (error) {
    signal?.throwIfAborted()
    await noteFailure(state, receiver, error, at)
    throw error
  }
}

const note = async (
  { queries }: State,
  receiver: ReceiverTable,
  { through, delivered }: { readonly through: number; readonly delivered: number },
): Promise<void> => {
  await queries
    .updateTable('receivers')
    .set(({ eb }) => ({
      through,
      ...(delivered > 0
        ? { delivered: eb('delivered', '+', delivered), last_at: now(), failure: null, failing_since: null }
        : {}),
    }))
    .where('receiver_id', '=', receiver.receiver_id)
    .execute()
}

async function noteFailure({ queries }: State, receiver: ReceiverTable, error: unknown, at: number): Promise<void> {
  const failure = error instanceof Error ? error.message : String(error)
  const since = receiver.failing_since ?? at
  await queries
    .updateTable('receivers')
    .set({ failure, failing_since: since, ...(at - since > givenUpMs ? { paused_at: at } : {}) })
    .where('receiver_id', '=', receiver.receiver_id)
    .execute()
}

const pause = async ({ queries }: State, receiver: ReceiverTable, at: number): Promise<void> => {
  await queries
    .updateTable('receivers')
    .set({ paused_at: at })
    .where('receiver_id', '=', receiver.receiver_id)
    .execute()
}

/** Asks for the telling of receivers whenever there is something to tell. */
export class Telling {
  private readonly parts: TellingParts
  private readonly job: JobKind<z.output<typeof input>>
  private readonly onFailure: (error: unknown) => void
  private readonly unlisten: () => void
  private timer: NodeJS.Timeout | undefined
  private asking: Promise<void> | undefined

  constructor(parts: TellingParts, job: JobKind<z.output<typeof input>>, onFailure: (error: unknown) => void) {
    this.parts = parts
    this.job = job
    this.onFailure = onFailure
    this.unlisten = parts.journal.onTold(() => {
      this.timer ??= setTimeout(() => {
        this.timer = undefined
        this.refresh().catch(onFailure)
      }, gatherMs).unref()
    })
  }

  /** Also to be called now and then: a job may end while something comes, and receivers are made by other processes. */
  async refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined
    })
    await this.asking
  }

  async stop(): Promise<void> {
    this.unlisten()
    clearTimeout(this.timer)
    await this.asking?.catch(this.onFailure)
  }

  private async ask(): Promise<void> {
    const { state, journal } = this.parts
    const { queries } = state
    const due = await queries
      .selectFrom('receivers')
      .select(['receiver_id', 'through'])
      .where('paused_at', 'is', null)
      .execute()
    for (const { receiver_id: receiverId, through } of due) {
      if (through === journal.lastTold) continue
      await enqueue(queries, this.job, { receiverId }, { uniqueKey: `receiver ${receiverId}` })
    }
    if (due.length === 0) return
    await queries
      .deleteFrom('jobs')
      .where('kind', '=', this.job.kind)
      .where('status', '=', 'done')
      .where('finished_at', '<', now() - doneMs)
      .execute()
  }
}
