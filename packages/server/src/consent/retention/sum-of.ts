type Counts = Readonly<Record<string, number>>

/** Counts by name, added up; a name that one of them lacks counts as none. */
export function sumOf(before: Counts = {}, now: Counts): Record<string, number> {
  const sum: Record<string, number> = { ...before }
  for (const [name, n] of Object.entries(now)) sum[name] = (sum[name] ?? 0) + n
  return sum
}
