import type { FeatureDefinition } from '@rapport/protocol'
import { dayMs, type Instant } from '../../base/index.ts'
import {
  type EntityKey,
  evaluateTree,
  type FeatureValue,
  isAlwaysChanging,
  type LeafSet,
  type LiveValues,
  leavesOf,
  type PairEntity,
  type Plan,
  type Tree,
} from '../../features/index.ts'
import { type LiveModel, nowhere, type Placed } from './live-model.ts'

/** What a family's model says is planned as a score of this name, which no model publishes; another model says another thing. */
export const placedScore = ({ modelId }: Pick<LiveModel, 'modelId'>): string => `placed/${modelId}`

export const isPlacedScore = (score: string): boolean => score.startsWith('placed/')

/** What models read, as features of a plan: each model has its own, whatever is declared under these names by now. */
export const inputDefinitions = (models: readonly LiveModel[]): readonly FeatureDefinition[] =>
  models.flatMap((model) => {
    const all = model.inputs.flatMap(({ definition }) => (definition.kind === 'declared' ? definition.definitions : []))
    const once = new Map(all.map((definition) => [definition.name, definition]))
    const inputs = [...once.values()].map((definition) => renamed(definition, (name) => inputName(model, name)))
    const name = inputName(model, spokenOf)
    return [...inputs, { name, label: name, entity: 'customer', value: model.of }]
  })

/** What no feature may be called. */
const spokenOf = '*'

const inputName = ({ modelId }: LiveModel, name: string): string => `${modelId}/${name}`

/** Expressions name others under the key `feature`; nothing else in them has it. */
function renamed(definition: FeatureDefinition, nameOf: (name: string) => string): FeatureDefinition {
  const value = JSON.parse(JSON.stringify(definition.value), (key, part: unknown) =>
    key === 'feature' && typeof part === 'string' ? nameOf(part) : part,
  ) as FeatureDefinition['value']
  return { ...definition, name: nameOf(definition.name), value }
}

interface PlannedModel {
  readonly model: LiveModel
  /** Above 0 where the model speaks of somebody. */
  readonly of: Tree
  readonly inputs: readonly Tree[]
  /** Of the inputs and of whom the model speaks, each once. */
  readonly leaves: readonly number[]
  /** Whether an input changes with every moment: then a customer is looked at again after a day at the latest. */
  readonly isAlwaysChanging: boolean
}

/** By the leaf of the score. */
function plannedModels(plan: Plan, models: readonly LiveModel[]): ReadonlyMap<number, PlannedModel> {
  const trees = new Map(plan.features.map(({ name, tree }) => [name, tree]))
  const byScore = new Map(models.map((model) => [placedScore(model), model]))
  return new Map(
    plan.leaves.flatMap((leaf, place): [number, PlannedModel][] => {
      const model = leaf.kind === 'score' ? byScore.get(leaf.score) : undefined
      if (model === undefined) return []
      const inputs = model.inputs.map(({ definition, name }) => {
        const declared = definition.kind === 'declared' ? definition.name : name
        return trees.get(inputName(model, declared))!
      })
      const of = trees.get(inputName(model, spokenOf))!
      const leaves = [...new Set([of, ...inputs].flatMap(leavesOf))]
      return [
        [
          place,
          { model, of, inputs, leaves, isAlwaysChanging: leaves.some((at) => isAlwaysChanging(plan.leaves[at]!)) },
        ],
      ]
    }),
  )
}

/** What must be read to say these leaves: in the place of a family's score what its model reads. */
export function leavesBehind(leaves: readonly number[], plan: Plan, models: readonly LiveModel[]): readonly number[] {
  const planned = plannedModels(plan, models)
  return [...new Set(leaves.flatMap((leaf) => planned.get(leaf)?.leaves ?? leaf))].sort((one, other) => one - other)
}

/**
 * Live values, with those of models beside them: the leaf of a family's score is 1 for its first segment, 2 for the second …,
 * 0 for none.
 */
export class PlacedValues implements LiveValues {
  private readonly values: LiveValues
  /** By the leaf of the score. */
  private readonly planned: ReadonlyMap<number, PlannedModel>
  private readonly withScores = new WeakMap<LeafSet, LeafSet>()

  /** @param values of this plan's leaves */
  constructor(values: LiveValues, plan: Plan, models: readonly LiveModel[]) {
    this.values = values
    this.planned = plannedModels(plan, models)
  }

  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue {
    const planned = this.planned.get(leaf)
    if (planned === undefined) return this.values.leafValue(key, leaf, asOf)
    return this.placed(planned, key, asOf).placed.segment + 1
  }

  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant {
    const planned = this.planned.get(leaf)
    if (planned === undefined) return this.values.leafChangesAt(key, leaf, asOf)
    const steps = planned.leaves.map((place) => this.values.leafChangesAt(key, place, asOf))
    return Math.min(planned.isAlwaysChanging ? asOf + dayMs : Number.POSITIVE_INFINITY, ...steps)
  }

  pairsOf(customerId: string, entity: PairEntity): readonly EntityKey[] {
    return this.values.pairsOf!(customerId, entity)
  }

  get batches(): number | undefined {
    return this.values.batches
  }

  /** What a batch touched, and the scores of the models that read it. */
  touchedOf(customerId: string): LeafSet {
    const touched = this.values.touchedOf!(customerId)
    let found = this.withScores.get(touched)
    if (found === undefined) {
      const isTouched = new Set(touched.leaves)
      const scores = [...this.planned].flatMap(([score, { leaves }]) =>
        leaves.some((leaf) => isTouched.has(leaf)) ? score : [],
      )
      found = scores.length === 0 ? touched : { leaves: [...touched.leaves, ...scores] }
      this.withScores.set(touched, found)
    }
    return found
  }

  /** Where each model puts a customer at a moment, and why. */
  placementsOf(
    customerId: string,
    asOf: Instant,
  ): readonly (Placed & { readonly model: LiveModel; readonly why: readonly string[] })[] {
    return [...this.planned.values()].map((planned) => {
      const { model } = planned
      const { placed, values } = this.placed(planned, [customerId], asOf)
      return { ...placed, model, why: values === null ? [] : model.why(values, placed) }
    })
  }

  /** @returns the inputs' values too; null of whom the model does not speak */
  private placed(
    { model, of, inputs }: PlannedModel,
    key: EntityKey,
    asOf: Instant,
  ): { readonly placed: Placed; readonly values: readonly FeatureValue[] | null } {
    const known = new Map<number, FeatureValue>()
    const leafValue = (leaf: number): FeatureValue => {
      if (!known.has(leaf)) known.set(leaf, this.values.leafValue(key, leaf, asOf))
      return known.get(leaf)!
    }
    const isSpokenOf = evaluateTree(of, leafValue)
    if (typeof isSpokenOf !== 'number' || isSpokenOf <= 0) return { placed: nowhere, values: null }
    const values = inputs.map((tree) => evaluateTree(tree, leafValue))
    return { placed: model.place(values, key[0]!), values }
  }
}
