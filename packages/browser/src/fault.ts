/** Something that did not work, for the page's owner to see; the page itself never gets an exception. */
export interface TrackingError {
  /**
   * `browser.invalid`: the call meant nothing and was left out. `browser.too-large`: the event was above 32 kB.
   * `browser.rejected`: the server refused the events for good. `browser.overflow`: too many waited, so the oldest
   * were given up. `browser.storage`: nothing could be stored, so a closed page loses what it could not send.
   */
  readonly code: 'browser.invalid' | 'browser.too-large' | 'browser.rejected' | 'browser.overflow' | 'browser.storage'
  /** What must hold, and what was got. */
  readonly message: string
  /** The HTTP status, where a server answered. */
  readonly status?: number
  /** The events that were given up, as they would have been sent. */
  readonly events: readonly unknown[]
}

export type Report = (error: TrackingError) => void
