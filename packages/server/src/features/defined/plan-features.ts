import {
  type AggregateExpression,
  type FeatureDefinition,
  type FeatureEntity,
  type FeatureExpression,
  type FeatureWindow,
  type TimeUnit,
  windowBuckets,
} from '@rapport/protocol'
import { type PlacedError, placedError } from '../../base/index.ts'
import { fieldType } from './fields.ts'
import type { AggregateLeaf, Leaf, Pattern, Plan, PlannedFeature, Tree, WeighedPattern, Window } from './plan.ts'
import { planPattern } from './plan-pattern.ts'
import type { Scoring } from './scoring.ts'
import { leavesOf } from './tree.ts'

const unitMs: Readonly<Record<TimeUnit, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/**
 * Checks definitions together and plans them. What several need is planned once.
 *
 * @param definitions a value that stands elsewhere than under `/value` of its document, as in a segment's rule, with a
 * pointer to it
 * @param models those that serve, by the prediction that they are of; what is said of others is missing
 * @throws RapportError `features.definition`, `features.field` with the feature and a JSON pointer to what is wrong;
 * `features.cycle` when definitions refer to each other in a circle; `features.unknown` for a reference to none
 */
export function planFeatures(
  definitions: readonly (FeatureDefinition & { readonly pointer?: string })[],
  models: FeatureModels = new Map(),
): Plan {
  const byName = new Map<string, FeatureDefinition>()
  for (const definition of definitions) {
    if (byName.has(definition.name)) throw wrong(definition.name, '/name', 'must be of one definition, got two')
    byName.set(definition.name, definition)
  }
  const planner = new Planner(byName, models)
  return { features: definitions.map((definition) => planner.feature(definition)), leaves: planner.leaves }
}

/** A model that says something of features: they are computed for it as for everybody. */
export interface FeatureModel {
  /** Numbers of customers that stand still while nothing happens. */
  readonly inputs: readonly FeatureExpression[]
  readonly scoring: Scoring
}

export type FeatureModels = ReadonlyMap<string, FeatureModel>

interface Typed {
  readonly tree: Tree
  readonly type: 'number' | 'text'
}

/** Where in which definition the planner is. */
interface Place {
  readonly feature: string
  readonly entity: FeatureEntity
  readonly pointer: string
  /** The features that led here by reference. */
  readonly path: readonly string[]
}

class Planner {
  readonly leaves: Leaf[] = []
  private readonly places = new Map<string, number>()
  private readonly byName: ReadonlyMap<string, FeatureDefinition>

  private readonly models: FeatureModels

  constructor(byName: ReadonlyMap<string, FeatureDefinition>, models: FeatureModels) {
    this.byName = byName
    this.models = models
  }

  feature({ name, entity, value, pointer = '/value' }: FeatureDefinition & { pointer?: string }): PlannedFeature {
    return { name, entity, ...this.expression(value, { feature: name, entity, pointer, path: [name] }) }
  }

  private expression(value: FeatureExpression, place: Place): Typed {
    if ('aggregate' in value) return this.aggregate(value, place)
    if ('sequence' in value) {
      const { first, next, never, without, within } = value.sequence
      const under = (part: string): Place => ({ ...place, pointer: `${place.pointer}/sequence/${part}` })
      const leaf: Leaf = {
        kind: 'sequence',
        entity: place.entity,
        first: planPattern(first, under('first')),
        next: planPattern((next ?? never)!, under(next ? 'next' : 'never')),
        isNever: never !== undefined,
        without: without ? planPattern(without, under('without')) : null,
        withinMs: within.count * unitMs[within.unit],
        window: planWindow(value.window, place),
      }
      return { tree: this.leaf(leaf), type: 'number' }
    }
    if ('trend' in value) return this.trend(value.trend, { ...place, pointer: `${place.pointer}/trend` })
    if ('trait' in value || 'score' in value) {
      const what = 'trait' in value ? 'trait' : 'score'
      if (place.entity !== 'customer')
        throw wrong(place.feature, `${place.pointer}/${what}`, `must be of a customer, got one of a ${place.entity}`)
      return 'trait' in value
        ? { tree: this.leaf({ kind: 'trait', trait: value.trait, as: value.as }), type: value.as }
        : { tree: this.leaf({ kind: 'score', score: value.score }), type: 'number' }
    }
    if ('feature' in value) return this.reference(value.feature, place)
    if ('sum' in value) {
      const { sum, plus = 0 } = value
      const parts = sum.map(({ of }, at) => this.number(of, place, `sum/${at}/of`))
      return { type: 'number', tree: { kind: 'sum', parts, times: sum.map(({ times = 1 }) => times), plus } }
    }
    if ('given' in value) {
      const { of, if: condition, op, than } = value.given
      const { tree, type } = this.expression(of, { ...place, pointer: `${place.pointer}/given/of` })
      return { type, tree: { kind: 'given', of: tree, if: this.number(condition, place, 'given/if'), op, than } }
    }
    if ('model' in value) return { type: 'number', tree: this.model(value.model, place) }
    if ('ratio' in value)
      return {
        type: 'number',
        tree: {
          kind: 'ratio',
          of: this.number(value.ratio.of, place, 'ratio/of'),
          by: this.number(value.ratio.by, place, 'ratio/by'),
        },
      }
    return {
      type: 'number',
      tree: {
        kind: 'difference',
        of: this.number(value.difference.of, place, 'difference/of'),
        minus: this.number(value.difference.minus, place, 'difference/minus'),
      },
    }
  }

  private model(name: string, place: Place): Tree {
    const at = `${place.pointer}/model`
    if (place.entity !== 'customer')
      throw wrong(place.feature, at, `must be of a customer, got one of a ${place.entity}`)
    const model = this.models.get(name)
    if (model === undefined) return { kind: 'model', inputs: [], scoring: null }
    const inputs = model.inputs.map((input, index) => this.number(input, { ...place, pointer: at }, `inputs/${index}`))
    // When what is said crosses a number is known in time only where nothing but facts and windows moves it.
    if (inputs.flatMap(leavesOf).some((leaf) => isAlwaysChanging(this.leaves[leaf]!)))
      throw wrong(place.feature, at, 'must be of a model whose inputs stand still while nothing happens')
    return { kind: 'model', inputs, scoring: model.scoring }
  }

  private number(value: FeatureExpression, place: Place, part: string): Tree {
    const pointer = `${place.pointer}/${part}`
    const { tree, type } = this.expression(value, { ...place, pointer })
    if (type !== 'number') throw wrong(place.feature, pointer, 'must be a number, got a text')
    return tree
  }

  private reference(name: string, place: Place): Typed {
    const pointer = `${place.pointer}/feature`
    const meant = this.byName.get(name)
    if (meant === undefined)
      throw placedError('features.unknown', `${place.feature}${pointer}`, `must be a feature there is, got ${name}`)
    if (place.path.includes(name))
      throw placedError(
        'features.cycle',
        `${place.feature}${pointer}`,
        `must not lead back to itself, got ${[...place.path, name].join(' → ')}`,
      )
    if (meant.entity !== place.entity)
      throw wrong(place.feature, pointer, `must be of a ${place.entity}, got ${name} of a ${meant.entity}`)
    // A mistake in the other definition is named there.
    return this.expression(meant.value, { ...place, feature: name, pointer: '/value', path: [...place.path, name] })
  }

  private trend(expression: AggregateExpression, place: Place): Typed {
    const leaf = this.aggregateLeaf(expression, place)
    const { window } = leaf
    if (window.kind !== 'rolling') throw wrong(place.feature, `${place.pointer}/window`, 'must be a rolling window')
    const before = { ...window, skip: window.skip + window.buckets }
    return {
      type: 'number',
      tree: { kind: 'trend', now: this.leaf(leaf), before: this.leaf({ ...leaf, window: before }) },
    }
  }

  private aggregate(expression: AggregateExpression, place: Place): Typed {
    const leaf = this.aggregateLeaf(expression, place)
    return { tree: this.leaf(leaf), type: typeOfLeaf(leaf) }
  }

  private aggregateLeaf(expression: AggregateExpression, { feature, entity, pointer }: Place): AggregateLeaf {
    const { aggregate, of, as, from, window, halfLife } = expression
    const place = { feature, entity, pointer, path: [] }
    const pattern = planPattern(from, { feature, pointer: `${pointer}/from` })
    const need = fieldNeed[aggregate]
    if (need === 'none' && of !== undefined) throw wrong(feature, `${pointer}/of`, `must be left out with ${aggregate}`)
    if (need !== 'none' && need !== 'maybe-number' && of === undefined)
      throw wrong(feature, `${pointer}/of`, `must name a field with ${aggregate}`)
    const isFading = aggregate === 'decayed-sum' || aggregate === 'strongest'
    if (isFading !== (halfLife !== undefined))
      throw wrong(feature, `${pointer}/halfLife`, halfLife ? `must be left out with ${aggregate}` : 'must be given')
    if (isFading && window !== undefined)
      throw wrong(feature, `${pointer}/window`, `must be left out with ${aggregate}: what is old fades by itself`)
    for (const part of ['times', 'also'] as const)
      if (aggregate !== 'strongest' && expression[part] !== undefined)
        throw wrong(feature, `${pointer}/${part}`, `must be left out with ${aggregate}`)
    if (as !== undefined && need !== 'any') throw wrong(feature, `${pointer}/as`, `must be left out with ${aggregate}`)
    return {
      kind: 'aggregate',
      entity,
      aggregate,
      of: of === undefined ? null : { field: of, as: readAs(pattern.kind, of, need, as, feature, pointer) },
      pattern,
      window: planWindow(window, place),
      halfLifeMs: halfLife ? halfLife.count * unitMs[halfLife.unit] : null,
      ...(aggregate === 'strongest' ? { weighed: this.weighed(expression, pattern, place) } : {}),
    }
  }

  private weighed(
    { of, times = 1, also = [] }: AggregateExpression,
    pattern: Pattern,
    { feature, pointer }: Place,
  ): readonly WeighedPattern[] {
    const others = also.map(({ from, times: its = 1 }, at) => {
      const other = planPattern(from, { feature, pointer: `${pointer}/also/${at}/from` })
      // The field must be one of these facts too.
      readAs(other.kind, of!, 'text', undefined, feature, pointer)
      return { pattern: other, times: its }
    })
    return [{ pattern, times }, ...others]
  }

  /** The leaf's place, the same for an equal one. */
  private leaf(leaf: Leaf): Tree {
    const form = JSON.stringify(leaf)
    let at = this.places.get(form)
    if (at === undefined) {
      at = this.leaves.push(leaf) - 1
      this.places.set(form, at)
    }
    return { kind: 'leaf', leaf: at }
  }
}

/** Days since and decayed sums change all the time; everything else at certain moments. */
export const isAlwaysChanging = (leaf: Leaf): boolean =>
  leaf.kind === 'aggregate' &&
  (leaf.aggregate === 'time-since-first' || leaf.aggregate === 'time-since-last' || leaf.aggregate === 'decayed-sum')

/** Aggregates that give back what a field holds. */
const textual = new Set(['first', 'last', 'most-frequent', 'strongest'])

type Need = 'none' | 'number' | 'text' | 'any' | 'maybe-number'
const fieldNeed: Readonly<Record<AggregateExpression['aggregate'], Need>> = {
  count: 'none',
  sum: 'number',
  average: 'number',
  min: 'number',
  max: 'number',
  distinct: 'text',
  first: 'any',
  last: 'any',
  'most-frequent': 'text',
  strongest: 'text',
  'time-since-first': 'none',
  'time-since-last': 'none',
  span: 'none',
  'decayed-sum': 'maybe-number',
  'gap-mean': 'none',
  'gap-deviation': 'none',
}

function readAs(
  kind: 'event' | 'line',
  field: string,
  need: Need,
  as: 'number' | 'text' | undefined,
  feature: string,
  pointer: string,
): 'number' | 'text' {
  const type = fieldType(kind, field, `${feature}${pointer}/of`)
  const wanted = need === 'any' ? (as ?? (type === 'number' ? 'number' : 'text')) : need === 'text' ? 'text' : 'number'
  if (type !== 'either' && type !== wanted)
    throw wrong(feature, `${pointer}/of`, `must be a field of type ${wanted}, got ${field}, a ${type}`)
  return wanted
}

function planWindow(window: FeatureWindow | undefined, { feature, entity, pointer }: Place): Window {
  if (window === undefined) return { kind: 'lifetime' }
  const at = `${pointer}/window`
  if ('session' in window) {
    if (entity !== 'customer') throw wrong(feature, at, `must not be a session of a ${entity}`)
    return { kind: 'session' }
  }
  if ('calendar' in window) return { kind: 'calendar', unit: window.calendar, ago: window.ago }
  const grainMs = unitMs[window.grain ?? window.last.unit]
  const buckets = (window.last.count * unitMs[window.last.unit]) / grainMs
  const skip = window.skip ? (window.skip.count * unitMs[window.skip.unit]) / grainMs : 0
  if (!Number.isInteger(buckets)) throw wrong(feature, `${at}/last`, 'must be a whole number of grains')
  if (!Number.isInteger(skip)) throw wrong(feature, `${at}/skip`, 'must be a whole number of grains')
  if (buckets + skip > windowBuckets)
    throw wrong(feature, `${at}/grain`, `must leave at most ${windowBuckets} buckets, got ${buckets + skip}`)
  return { kind: 'rolling', grainMs, buckets, skip }
}

const wrong = (feature: string, pointer: string, must: string): PlacedError =>
  placedError('features.definition', `${feature}${pointer}`, must)

/** What the values of a leaf are. */
export function typeOfLeaf(leaf: Leaf): 'number' | 'text' {
  if (leaf.kind === 'trait') return leaf.as
  return leaf.kind === 'aggregate' && textual.has(leaf.aggregate) && leaf.of?.as === 'text' ? 'text' : 'number'
}
