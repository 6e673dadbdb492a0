import type { LiveModel, Placed } from './live-model.ts'

/** Where the model of a family puts a customer, for those who read of it. */
export interface CustomerGroup {
  readonly family: string
  readonly modelId: string
  /** Null where they are in none. */
  readonly segment: string | null
  readonly name: string | null
  /** To the middle of the group, in the units that its model compares in; null of taught families. */
  readonly distance: number | null
  /** Of the class, 0 … 1; null of groups. */
  readonly probability: number | null
  readonly runnerUp: {
    readonly segment: string
    readonly name: string
    readonly distance: number | null
    readonly probability: number | null
  } | null
  /** What speaks most for it, the strongest first; empty of groups. */
  readonly why: readonly string[]
}

export function customerGroup({
  model: { family, modelId, segments },
  segment,
  runnerUp,
  ...told
}: Placed & { readonly model: LiveModel; readonly why: readonly string[] }): CustomerGroup {
  const own = segments[segment]
  const next = runnerUp && segments[runnerUp.segment]
  return {
    ...{ family, modelId, segment: own?.id ?? null, name: own?.name ?? null },
    ...{ distance: told.distance, probability: told.probability, why: told.why },
    runnerUp:
      next && runnerUp
        ? { segment: next.id, name: next.name, distance: runnerUp.distance, probability: runnerUp.probability }
        : null,
  }
}
