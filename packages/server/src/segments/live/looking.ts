import { setTimeout as wait } from 'node:timers/promises'
import { type Instant, inTurns, now, servingMs } from '../../base/index.ts'
import type { LiveFeatures, LiveFeed } from '../../features/index.ts'
import type { MovementJournal } from '../movements/movement-journal.ts'
import type { LiveSegments } from './live-segments.ts'
import type { Cause, Movement } from './movement.ts'

/** Of new segments no more movements are made than this while as many wait for the warehouse. */
const waitingMost = 50_000
/** As many are looked at before it is seen whether there is room for more movements. */
const lookedAtOnce = 1000

/** What looks at many customers, one after another, while events come. */
export interface Looking {
  readonly segments: LiveSegments
  readonly feed: Pick<LiveFeed, 'standingOf'> & { readonly features: Pick<LiveFeatures, 'surveying'> }
  readonly journal: Pick<MovementJournal, 'waiting' | 'settle'>
  readonly tell: (movements: readonly Movement[]) => void
  /** Whether somebody was erased since these customers were named. */
  readonly isErased: (customer: string) => boolean
  readonly isStopped: () => boolean
}

/** Looks at these customers for all segments. @param at as of when @param because why what changed did. Default: an event */
export function lookAt(
  looking: Looking,
  customers: Iterable<string>,
  at: () => Instant,
  because: Cause = 'event',
): Promise<void> {
  return looking.feed.features.surveying(() => inPieces(looking, lookingAt(looking, customers, { at, because })))
}

/** Looks at everybody for segments that are new. */
export function fill(looking: Looking): Promise<void> {
  return looking.feed.features.surveying(() => inPieces(looking, filling(looking)))
}

/** What time alone has changed up to now, moment after moment. */
export function passTimeSlowly(looking: Looking): Promise<void> {
  return looking.feed.features.surveying(() => inPieces(looking, passing(looking)))
}

function* lookingAt(
  { segments, feed, tell, isErased, isStopped }: Looking,
  customers: Iterable<string>,
  { at, because }: { readonly at: () => Instant; readonly because: Cause },
): Generator<void, void> {
  for (const id of customers) {
    if (isStopped()) return
    if (isErased(id)) continue
    const standing = feed.standingOf(id)
    if (standing === 'customer') tell(segments.lookAgain(id, at(), because))
    else tell(segments.remove(id, at(), standing === 'joined' ? 'identity' : 'consent'))
    yield
  }
}

function* filling({ segments, tell, isStopped }: Looking): Generator<void, void> {
  while (segments.backfilling.left > 0 && !isStopped()) {
    tell(segments.backfill(1))
    yield
  }
}

function* passing({ segments, tell, isStopped }: Looking): Generator<void, void> {
  while (segments.nextAt <= now() && !isStopped()) {
    tell(segments.passTo(segments.nextAt))
    yield
  }
}

/** In turns with whatever else there is to do; movements that nobody waits for must not fill the memory. */
async function inPieces({ journal, isStopped }: Looking, steps: Generator<void, void>): Promise<void> {
  for (let isMore = true; isMore; ) {
    isMore = await inTurns(some(steps), servingMs)
    while (journal.waiting > waitingMost && !isStopped()) await journal.settle().catch(() => wait(1000))
  }
}

/** @returns whether there are more */
function* some(steps: Generator<void, void>): Generator<void, boolean> {
  for (let n = 0; n < lookedAtOnce; n += 1) {
    if (steps.next().done) return false
    yield
  }
  return true
}
