import type { FeatureExpression } from '@rapport/protocol'

export interface ExpressionPart {
  readonly value: FeatureExpression
  /** JSON pointer to it. */
  readonly pointer: string
}

/** The expressions that one is directly made of. @param pointer to it */
function innerOf(value: FeatureExpression, pointer: string): readonly ExpressionPart[] {
  if ('ratio' in value)
    return [
      { value: value.ratio.of, pointer: `${pointer}/ratio/of` },
      { value: value.ratio.by, pointer: `${pointer}/ratio/by` },
    ]
  if ('difference' in value)
    return [
      { value: value.difference.of, pointer: `${pointer}/difference/of` },
      { value: value.difference.minus, pointer: `${pointer}/difference/minus` },
    ]
  if ('sum' in value) return value.sum.map(({ of }, at) => ({ value: of, pointer: `${pointer}/sum/${at}/of` }))
  if ('given' in value)
    return [
      { value: value.given.of, pointer: `${pointer}/given/of` },
      { value: value.given.if, pointer: `${pointer}/given/if` },
    ]
  return []
}

/** An expression and all that it is made of, the inner ones first. */
export function expressionParts(value: FeatureExpression, pointer = ''): readonly ExpressionPart[] {
  return [...innerOf(value, pointer).flatMap((part) => expressionParts(part.value, part.pointer)), { value, pointer }]
}

/** The features that expressions lead to by name, of those there are. */
export function featuresLedTo<Feature extends { readonly name: string; readonly value: FeatureExpression }>(
  value: FeatureExpression,
  byName: ReadonlyMap<string, Feature>,
): readonly Feature[] {
  const found = new Map<string, Feature>()
  const follow = (from: FeatureExpression): void => {
    for (const { value: part } of expressionParts(from)) {
      const meant = 'feature' in part && !found.has(part.feature) ? byName.get(part.feature) : undefined
      if (meant === undefined) continue
      found.set(meant.name, meant)
      follow(meant.value)
    }
  }
  follow(value)
  return [...found.values()]
}
