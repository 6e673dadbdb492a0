import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Trial } from './agreement.contract.ts'
import type { EntityValues, Execution } from './execution.contract.ts'
import { LiveExecution } from './live-execution.contract.ts'
import type { PlantedBug } from './planted-bugs.contract.ts'
import { SqlExecution } from './sql-execution.contract.ts'
import type { Step } from './story.contract.ts'
import { World } from './world.contract.ts'

/** An execution with a mistake in it, which lives in a world of its own making. */
export class PlantedExecution implements Execution {
  readonly name: string
  private readonly inner: LiveExecution | SqlExecution
  private readonly own: World
  private readonly change: (step: Step) => Step | undefined
  private readonly isTimeless: boolean
  private latest: Instant = 0

  constructor(bug: PlantedBug, { plan, story }: Trial, warehouse: Warehouse, folder: string) {
    const mistaken = bug.plan?.(plan) ?? plan
    const timezone = bug.timezone ?? story.timezone
    this.name = bug.name
    this.own = new World(timezone)
    this.change = bug.step?.() ?? ((step) => step)
    this.isTimeless = bug.isTimeless ?? false
    this.inner =
      bug.in === 'live'
        ? new LiveExecution(mistaken, timezone, folder)
        : new SqlExecution(bug.sql ? mistakenWarehouse(warehouse, bug.sql) : warehouse, mistaken)
  }

  async apply(step: Step): Promise<void> {
    const taken = this.change(step)
    if (taken === undefined) return
    if (taken.kind !== 'check') this.latest = taken.now
    this.own.apply(taken)
    await this.inner.apply(taken, this.own)
  }

  async settle(now: Instant): Promise<Instant> {
    if (!(this.inner instanceof LiveExecution)) return now
    if (!this.isTimeless) return await this.inner.settle(now)
    await this.inner.settle(this.latest)
    return now
  }

  async values(asOf: Instant): Promise<EntityValues> {
    return await this.inner.values(this.isTimeless ? this.latest : asOf)
  }

  async end(): Promise<void> {
    await this.inner.end()
  }
}

/** Reads with other statements than it was given. */
function mistakenWarehouse(warehouse: Warehouse, change: (statement: string) => string): Warehouse {
  return new Proxy(warehouse, {
    get(target, name, receiver) {
      if (name === 'columns')
        return ((sql, ...rest) => target.columns(change(sql), ...rest)) satisfies Warehouse['columns']
      const held: unknown = Reflect.get(target, name, receiver)
      return typeof held === 'function' ? held.bind(target) : held
    },
  })
}
