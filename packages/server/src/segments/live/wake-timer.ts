import { type Instant, now } from '../../base/index.ts'

/** A longer wait is none for a timer. */
const longestWaitMs = 2 ** 31 - 1

/** Wakes at one moment, which may be moved; it keeps no process alive. */
export class WakeTimer {
  private readonly onDue: () => void
  private timer: NodeJS.Timeout | undefined
  private at = Number.POSITIVE_INFINITY

  /** @param onDue told when the moment has come, or when as long was waited as a timer can: it sets the next one */
  constructor(onDue: () => void) {
    this.onDue = onDue
  }

  /** @param next Infinity for never */
  set(next: Instant): void {
    if (next === this.at) return
    this.stop()
    this.at = next
    if (next === Number.POSITIVE_INFINITY) return
    this.timer = setTimeout(
      () => {
        this.at = Number.POSITIVE_INFINITY
        this.onDue()
      },
      Math.min(Math.max(0, next - now()), longestWaitMs),
    )
    this.timer.unref()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.at = Number.POSITIVE_INFINITY
  }
}
