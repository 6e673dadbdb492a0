import { shortened } from '../../../base/index.ts'

/** Where in a checked value: a step of its parent. */
export interface Place {
  readonly parent: Place | undefined
  readonly step: string | number
}

/** Something that a value breaks. */
export interface Violation {
  /** JSON pointer into the value, `/products/0/price`; '' for the value as a whole. */
  readonly pointer: string
  /** What must hold there: `must be a number`. Never what was got: that may be personal. */
  readonly must: string
  /** JSON pointer into the schema, `/properties/price/type`. */
  readonly rule: string
}

/** Whether a value holds; what it breaks goes to `run`. */
export type Check = (value: unknown, place: Place | undefined, run: Run) => boolean

/** A violation more would not help whoever has to mend it. */
const mostViolations = 10
/** Some milliseconds at most. */
const mostSteps = 50_000
/** Schemas that apply one another to the same value without end are stopped here. */
const deepest = 500

/** Thrown by a run that is not worth its time; never leaves `checkValue`. */
class TooCostly extends Error {}

/** One value being checked: what it breaks, and how much more work it may make. */
export class Run {
  readonly violations: Violation[] = []
  #left = mostSteps
  #depth = 0
  /** Above 0 while a branch is only tried. */
  #trying = 0

  get isTrying(): boolean {
    return this.#trying > 0
  }

  /** Accounts for work. A schema and a value, both small, can mean any amount of it. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new TooCostly()
  }

  /** Checks a value against a schema that another applies. */
  into(check: Check, value: unknown, place: Place | undefined): boolean {
    this.spend(1)
    this.#depth += 1
    if (this.#depth > deepest) throw new TooCostly()
    const holds = check(value, place, this)
    this.#depth -= 1
    return holds
  }

  /** Whether a value holds, without telling what it breaks. */
  try(check: Check, value: unknown, place: Place | undefined): boolean {
    this.#trying += 1
    const holds = this.into(check, value, place)
    this.#trying -= 1
    return holds
  }

  /** Notes a violation. @returns false */
  breaks(place: Place | undefined, must: string, rule: string): false {
    if (this.#trying === 0 && this.violations.length < mostViolations) {
      this.violations.push({ pointer: pointerOf(place), must, rule })
    }
    return false
  }
}

/**
 * What a value breaks, ten violations at most; none when it holds. A check that would take longer than some milliseconds
 * is given up, which is a violation of the schema as a whole.
 */
export function checkValue(check: Check, value: unknown): readonly Violation[] {
  const run = new Run()
  try {
    run.into(check, value, undefined)
  } catch (error) {
    if (!(error instanceof TooCostly)) throw error
    return [{ pointer: '', must: `must be checkable in ${mostSteps} steps`, rule: '' }]
  }
  return run.violations
}

const longestPointer = 512

function pointerOf(place: Place | undefined): string {
  const steps: string[] = []
  for (let at = place; at !== undefined; at = at.parent) steps.push(`/${escaped(at.step)}`)
  return shortened(steps.reverse().join(''), longestPointer)
}

/** A step of a JSON pointer (RFC 6901). */
export const escaped = (step: string | number): string => String(step).replaceAll('~', '~0').replaceAll('/', '~1')
