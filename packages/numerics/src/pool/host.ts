/** One worker thread, as the pool sees it. */
export interface HostWorker {
  post(message: unknown): void
  /** While held, the worker keeps the process alive; otherwise it never does. */
  hold(isHeld: boolean): void
  stop(): void
}

/** What a platform offers the pool; `#pool-host` picks the file. */
export interface PoolHost {
  /** Workers worth starting here when nobody said how many; 0 where there are no threads. */
  readonly workersDefault: number
  startWorker(onMessage: (message: unknown) => void, onEnd: (cause: unknown) => void): HostWorker
  /** Lets timers, input and abort signals have their turn. */
  nextTurn(): Promise<void>
}
