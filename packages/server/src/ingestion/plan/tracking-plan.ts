import { everyName, type Planned, type SchemaVersion } from '@rapport/protocol'
import { inTurns, oneAtATime, servingMs } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Rejection } from '../live/check-call.ts'
import { type Check, checkValue, type Violation } from './json-schema/check.ts'
import { compileSchema } from './json-schema/compile-schema.ts'
import { listSchemas } from './schemas.ts'

/** What the plan looks at of an event. */
export interface PlannedEvent {
  readonly call: string
  readonly name: string
  /** JSON */
  readonly properties: string | null
}

/** What a schema says of an event. */
export interface Verdict extends Planned {
  readonly version: number
  readonly onViolation: SchemaVersion['onViolation']
  /** With pointers into the call: `/properties/price`, `/traits/email`. */
  readonly violations: readonly Violation[]
}

/** The tracking plan as it holds, ready to check events with. */
export interface TrackingPlan {
  /** Which events there are schemas for. */
  readonly declared: readonly Planned[]
  /** What an event's schema says of it; undefined where none is declared for it. */
  check(event: PlannedEvent): Verdict | undefined
  /** The same for many, in turns with everything else that this process does. */
  checkAll(events: readonly PlannedEvent[]): Promise<(Verdict | undefined)[]>
  /** Why an event must go into quarantine; undefined when its schema lets it in. */
  keepsOut(event: PlannedEvent): Rejection | undefined
  /** Takes over what has been declared since. */
  refresh(): Promise<void>
}

export async function openTrackingPlan(state: State): Promise<TrackingPlan> {
  const plan = new CompiledPlan(state)
  await plan.refresh()
  return plan
}

interface Compiled {
  readonly declared: SchemaVersion
  readonly check: Check
}

class CompiledPlan implements TrackingPlan {
  declared: readonly Planned[] = []
  readonly #state: State
  #compiled: ReadonlyMap<string, Compiled> = new Map()
  #keepsOut = false
  #versions = 0
  readonly #inTurn = oneAtATime()

  constructor(state: State) {
    this.#state = state
  }

  /** One after another: who waits for it has what was declared before. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#takeOver())
  }

  async #takeOver(): Promise<void> {
    // Versions are only ever added.
    const { n } = await this.#state.queries
      .selectFrom('event_schemas')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    if (Number(n) === this.#versions) return
    const before = this.#compiled
    const schemas = await listSchemas(this.#state.queries)
    this.#compiled = new Map(
      schemas.map((declared) => {
        const key = keyOf(declared)
        const known = before.get(key)
        return [key, known?.declared.version === declared.version ? known : compiled(declared)]
      }),
    )
    this.#keepsOut = schemas.some(({ onViolation }) => onViolation === 'quarantine')
    this.declared = schemas.map(({ call, name }) => ({ call, name }))
    this.#versions = Number(n)
  }

  check(event: PlannedEvent): Verdict | undefined {
    const found = this.#schemaOf(event)
    if (!found) return undefined
    const { declared, check } = found
    const root = event.call === 'identify' || event.call === 'group' ? '/traits' : '/properties'
    const value: unknown = event.properties === null ? {} : JSON.parse(event.properties)
    const violations = checkValue(check, value).map((one) => ({ ...one, pointer: `${root}${one.pointer}` }))
    const { call, name, version, onViolation } = declared
    return { call, name, version, onViolation, violations }
  }

  checkAll(events: readonly PlannedEvent[]): Promise<(Verdict | undefined)[]> {
    return inTurns(this.#checkEach(events), servingMs)
  }

  keepsOut(event: PlannedEvent): Rejection | undefined {
    if (!this.#keepsOut || this.#schemaOf(event)?.declared.onViolation !== 'quarantine') return undefined
    const verdict = this.check(event)!
    const [violation] = verdict.violations
    if (!violation) return undefined
    const { pointer, must } = violation
    const reason = `${pointer} ${must}, says version ${verdict.version} of the schema of ${verdict.call} ${verdict.name}`
    return { code: 'plan.violation', reason, pointer }
  }

  *#checkEach(events: readonly PlannedEvent[]): Generator<void, (Verdict | undefined)[]> {
    const verdicts: (Verdict | undefined)[] = []
    for (const event of events) {
      verdicts.push(this.check(event))
      yield
    }
    return verdicts
  }

  #schemaOf({ call, name }: PlannedEvent): Compiled | undefined {
    return this.#compiled.get(keyOf({ call, name })) ?? this.#compiled.get(keyOf({ call, name: everyName }))
  }
}

const compiled = (declared: SchemaVersion): Compiled => ({ declared, check: compileSchema(declared.schema) })

const keyOf = ({ call, name }: { readonly call: string; readonly name: string }): string => `${call} ${name}`
