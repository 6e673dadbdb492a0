import type { RetentionPlan, RetentionSettings } from '@rapport/protocol'
import { type Instant, newId, now, type Work } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { type Person, receivedIdsOfPerson } from '../erasure/person.ts'
import {
  type Aged,
  agedEvents,
  agedFacts,
  type Due,
  type FactKind,
  factKinds,
  removeDerivedOfNobody,
  removeEvents,
  removeFacts,
  withoutFacts,
} from './old-facts.ts'
import { agedState, namelessAfter, removeState, type StateKind, stateKinds } from './old-state.ts'
import { momentBefore } from './period.ts'
import { forgetRemoved, isRewriteDue, noteRemoved, readRetention } from './settings.ts'
import { sumOf } from './sum-of.ts'

export interface RetentionParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Resolves when everything that was acknowledged is in the warehouse and followed. */
  readonly settle: () => Promise<void>
  /** Removes who several browsers are and what was decided on them, at once. @returns rows removed, by table */
  readonly forget: (visitors: Person, until: Instant, runId: string) => Promise<Readonly<Record<string, number>>>
  /** Rewrites the files without what was removed. */
  readonly rewriteFiles: (work: Work) => Promise<void>
  /** Runs it when no other change of this sort does. */
  readonly inTurn: <Result>(step: () => Promise<Result>) => Promise<Result>
}

/** What a run removed. */
export interface RetentionRun {
  /** Rows by kind or table. */
  readonly removed: Readonly<Record<string, number>>
  /** False: what went is in free room of the files until they are rewritten. */
  readonly areFilesClean: boolean
}

/** Visitors at once: a query of either database takes some thousand parameters. */
const visitorsAtOnce = 2000

/** Removes what has been kept for as long as it may be. Nothing goes until somebody sets a period. */
export class Retention {
  readonly #parts: RetentionParts

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  /** What a run would remove now: each kind as if it were alone, so that an event of a visitor may be in two of them. */
  async plan(at: Instant = now()): Promise<RetentionPlan[]> {
    const { warehouse, state, settle } = this.#parts
    await settle()
    const due = dueOf(await readRetention(state.queries), at)
    const events = await agedEvents(warehouse, due.filter(isOfEvents))
    const plan: RetentionPlan[] = []
    for (const one of due) {
      const aged = isOfEvents(one) ? (events.get(one.kind) ?? nothing) : await this.#aged(one)
      plan.push({ ...one, ...aged })
    }
    return plan
  }

  /** Every step is whole by itself: one that is stopped or killed leaves the others to the next run. */
  run(work: Work = {}, at: Instant = now()): Promise<RetentionRun> {
    return this.#parts.inTurn(async () => {
      const { warehouse, state, settle, rewriteFiles } = this.#parts
      await settle()
      const settings = await readRetention(state.queries)
      const due = dueOf(settings, at)
      const rules = due.filter(isOfEvents)
      const steps: (readonly [string, () => Promise<Readonly<Record<string, number>>>])[] = []
      if (rules.length > 0) steps.push(['events', async () => ({ events: await removeEvents(warehouse, rules, work) })])
      for (const { kind, before } of due) {
        if (isFact(kind)) steps.push([kind, async () => ({ [kind]: await removeFacts(warehouse, kind, before, work) })])
        if (kind === 'visitors') steps.push(['identities', () => this.#forgetVisitors(before, work)])
        if (isState(kind)) steps.push([kind, async () => ({ [kind]: await removeState(state.queries, kind, before) })])
      }
      if (rules.length > 0 || due.some(({ kind }) => isFact(kind))) {
        steps.push(['what follows', () => removeDerivedOfNobody(warehouse, work)])
      }
      let removed: Record<string, number> = {}
      const wasDue = await isRewriteDue(state.queries)
      if (steps.length > 0) await noteRemoved(state.queries)
      for (const [at, [stage, step]] of steps.entries()) {
        work.signal?.throwIfAborted()
        work.onProgress?.({ stage, done: at, total: steps.length + 1 })
        removed = sumOf(removed, await step())
      }
      const isDue = wasDue || Object.values(removed).some((n) => n > 0)
      if (isDue && !settings.rewritesFiles) return { removed, areFilesClean: false }
      work.signal?.throwIfAborted()
      work.onProgress?.({ stage: 'files', done: steps.length, total: steps.length + 1 })
      await (isDue ? rewriteFiles(work) : forgetRemoved(state.queries))
      return { removed, areFilesClean: true }
    })
  }

  #aged({ kind, before }: Due): Promise<Aged> {
    const { warehouse, state } = this.#parts
    if (isFact(kind)) return agedFacts(warehouse, kind, before)
    return agedState(state.queries, kind as StateKind, before)
  }

  /** Browsers of which nothing is left. */
  async #forgetVisitors(before: Instant, work: Work): Promise<Record<string, number>> {
    const { warehouse, state, forget } = this.#parts
    let removed: Record<string, number> = {}
    const runId = newId('retention')
    for (let after = ''; ; ) {
      const visitors = await namelessAfter(state.queries, after, before, visitorsAtOnce)
      if (visitors.length === 0) return removed
      work.signal?.throwIfAborted()
      const idsOf = visitors.map((one) => receivedIdsOfPerson(one))
      const silent = await withoutFacts(warehouse, idsOf.flat())
      const gone = visitors.filter((_, at) => idsOf[at]!.every((id) => silent.has(id)))
      if (gone.length > 0) {
        const keys = gone.flatMap((one) => one.keys)
        removed = sumOf(removed, await forget({ customerId: gone[0]!.customerId, keys }, before, runId))
      }
      after = visitors.at(-1)!.customerId
    }
  }
}

const nothing: Aged = { rows: 0, oldestKept: null }

const isOfEvents = ({ kind }: Due): boolean => kind.split('/')[0] === 'events'
const isFact = (kind: string): kind is FactKind => (factKinds as readonly string[]).includes(kind)
const isState = (kind: string): kind is StateKind => (stateKinds as readonly string[]).includes(kind)

const dueOf = ({ periods }: RetentionSettings, at: Instant): Due[] =>
  Object.entries(periods)
    .map(([kind, period]) => ({ kind, period, before: momentBefore(at, period) }))
    .sort((one, other) => (one.kind < other.kind ? -1 : 1))
