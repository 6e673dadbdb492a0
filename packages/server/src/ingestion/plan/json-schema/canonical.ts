/** JSON with keys in order: equal for equal values, in the sense of JSON Schema. */
export function canonical(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value, (_, part: unknown) => (isObject(part) ? inOrder(part) : part))
    : // Zero has no sign in JSON.
      JSON.stringify(value === 0 ? 0 : value)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inOrder = (object: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
