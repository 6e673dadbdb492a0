import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import type { Step } from './story.contract.ts'
import type { World } from './world.contract.ts'

/** Values of an entity's features, in the order of the plan's features of that entity. */
export type EntityValues = (entity: FeatureEntity, key: EntityKey) => readonly FeatureValue[]

export interface PastMoment {
  readonly key: EntityKey
  readonly asOf: Instant
}

/** One way to compute what a plan says, told of everything that happens. */
export interface Execution {
  readonly name: string
  /** @param world after the step */
  apply(step: Step, world: World): Promise<void>
  /** As of a moment that is not before anything that happened. */
  values(asOf: Instant): Promise<EntityValues>
  /** The same of moments that lie before, one each, where it can look back. */
  past?(entity: FeatureEntity, wanted: readonly PastMoment[]): Promise<readonly (readonly FeatureValue[])[]>
  /** Lets go of what it holds outside of memory. */
  end(): Promise<void>
}

export const featuresOf = ({ features }: Plan, entity: FeatureEntity) =>
  features.filter((feature) => feature.entity === entity)
