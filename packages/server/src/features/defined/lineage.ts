import type { FeatureDefinition, FeatureExpression } from '@rapport/protocol'

/** What a feature is made of, and what is made of it. */
export interface Lineage {
  /** Features that its definition refers to, by name. */
  readonly uses: readonly string[]
  /** Features whose definitions refer to it, by name; then segments and whatever else said so: `segment rule.lapsing`. */
  readonly usedBy: readonly string[]
}

/** Features that a definition refers to itself, by name. */
export function referencesOf({ value }: FeatureDefinition): readonly string[] {
  return [...new Set(named(value))].sort()
}

function named(value: FeatureExpression): readonly string[] {
  if ('feature' in value) return [value.feature]
  if ('ratio' in value) return [...named(value.ratio.of), ...named(value.ratio.by)]
  if ('difference' in value) return [...named(value.difference.of), ...named(value.difference.minus)]
  if ('sum' in value) return value.sum.flatMap(({ of }) => named(of))
  if ('given' in value) return [...named(value.given.of), ...named(value.given.if)]
  return []
}

/**
 * The lineage of every feature.
 *
 * @param users who else uses which feature
 */
export function lineageOf(
  definitions: readonly FeatureDefinition[],
  users: readonly { readonly usedBy: string; readonly feature: string }[],
): ReadonlyMap<string, Lineage> {
  const uses = new Map(definitions.map((definition) => [definition.name, referencesOf(definition)]))
  const usedBy = (name: string): readonly string[] => [
    ...[...uses].flatMap(([user, used]) => (used.includes(name) ? [user] : [])).sort(),
    ...users.flatMap(({ feature, usedBy }) => (feature === name ? [usedBy] : [])).sort(),
  ]
  return new Map([...uses].map(([name, used]) => [name, { uses: used, usedBy: usedBy(name) }]))
}
