import { type Instant, now, RapportError } from './base/index.ts'
import type { EventLog } from './ingestion/index.ts'
import type { FailedEvent, LogFollower } from './state/index.ts'

/** How far behind the log identities, consents and marks may be, ms. */
const followMs = 200

const describeFailed = ({ follower, position, reason }: FailedEvent): RapportError =>
  new RapportError(
    'state.event-set-aside',
    `every event must be one that ${follower} can take in, the one at position ${position} is not and is set aside until the next start: ${reason}`,
  )

/** At the end they go on for so long, ms; what is left is taken in after the next start. */
const finishMs = 2000

/**
 * Keeps followers at the end of the log; what fails is told once, and tried again.
 *
 * @param onFollowed told when all of them had come to the end of the log, with the moment at which they began
 */
export function startFollowing(
  log: EventLog,
  followers: readonly LogFollower[],
  onFailure: (error: unknown, where: string) => void,
  onFollowed: (began: Instant) => void,
) {
  const where = 'following the log'
  let hasFailed = false
  let running: Promise<void> | undefined
  const stopping = new AbortController()
  const catchUp = async (signal?: AbortSignal): Promise<void> => {
    const began = now()
    const all = await Promise.all(followers.map((follower) => follower.catchUp(log.position, signal)))
    hasFailed = false
    // What the warehouse does not have yet they cannot have followed.
    if (!log.isStuck && !signal?.aborted) onFollowed(began)
    for (const failed of all.flat()) onFailure(describeFailed(failed), where)
  }
  const timer = setInterval(() => {
    running ??= catchUp(stopping.signal)
      .catch((error) => {
        if (!hasFailed) onFailure(error, where)
        hasFailed = true
      })
      .finally(() => {
        running = undefined
      })
  }, followMs)
  return {
    /** Resolves when they have everything that the warehouse has. */
    catchUp: (): Promise<void> => catchUp(),
    /** Takes in what is left, where that is soon done, and stores how far they are. */
    finish: async (): Promise<void> => {
      await catchUp(AbortSignal.timeout(finishMs))
      await Promise.all(followers.map((follower) => follower.settle()))
    },
    /** Looks no more. */
    stop: async (): Promise<void> => {
      clearInterval(timer)
      stopping.abort()
      await running
    },
  }
}
