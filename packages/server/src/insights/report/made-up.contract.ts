/** Made-up numbers that are the same each time. */
export const day = 86_400_000
export const asOf = Date.UTC(2025, 8, 14)
export const interval = (low: number, high: number) => ({ low, high })
export const range = <Value>(length: number, make: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => make(at))
export const wave = (at: number): number => Math.abs(Math.sin(at * 12.9898) * 43758.5453) % 1
export const monthOf = (at: number): string => new Date(Date.UTC(2024, 2 + at, 1)).toISOString().slice(0, 7)
