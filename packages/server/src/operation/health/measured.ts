import type { ConsentDoor } from '../../consent/index.ts'
import type { EventLog } from '../../ingestion/index.ts'
import type { Metrics } from './metrics.ts'

/** The same log; what comes in through it is counted, and how long it takes until that is on disk. */
export function measuredLog(log: EventLog, metrics: Metrics): EventLog {
  return {
    append: async (events, bad) => {
      const began = performance.now()
      const appended = await log.append(events, bad)
      metrics.acknowledged((performance.now() - began) / 1000)
      metrics.events('accepted', appended.accepted)
      metrics.events('duplicate', appended.duplicates)
      metrics.events('quarantined', bad?.length ?? 0)
      return appended
    },
    settle: () => log.settle(),
    get isStuck() {
      return log.isStuck
    },
    forgetIds: () => log.forgetIds(),
    get position() {
      return log.position
    },
    get waiting() {
      return log.waiting
    },
    close: () => log.close(),
  }
}

/** The same door; whom it does not let in is counted. */
export const measuredDoor = (door: ConsentDoor, metrics: Metrics): ConsentDoor => ({
  ...door,
  admits: (event) => {
    const isAdmitted = door.admits(event)
    if (!isAdmitted) metrics.events('refused', 1)
    return isAdmitted
  },
})
