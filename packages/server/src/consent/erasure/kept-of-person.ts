import type { Instant } from '../../base/index.ts'
import type { Person } from './person.ts'

/** A room's part of what is known of a person. Every room that keeps such data has one, put together in `privacy.ts`. */
export interface PersonalData {
  /** What it is called in an export: `identities`. */
  readonly name: string
  /** All of it, as JSON. */
  readonly export: (person: Person) => Promise<unknown>
  /**
   * Removes what was there by the moment `until`; what came later belongs to a new customer. Running it again removes the
   * rest: a crash can come at any time.
   *
   * @returns how many records of what were removed
   */
  readonly erase: (person: Person, until: Instant, erasureId: string) => Promise<Readonly<Record<string, number>>>
}
