import type { LiveRule } from '../../rules/index.ts'

/** What all, any or not is of; null of a test. */
export function groupOf(
  rule: LiveRule,
): { readonly kind: 'all' | 'any' | 'not'; readonly parts: readonly LiveRule[] } | null {
  if ('all' in rule) return { kind: 'all', parts: rule.all }
  if ('any' in rule) return { kind: 'any', parts: rule.any }
  return 'not' in rule ? { kind: 'not', parts: rule.not } : null
}
