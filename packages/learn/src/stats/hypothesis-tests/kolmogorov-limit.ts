/** Kolmogorov's limit for a distance times the root of the rows: 2 Σ (−1)ᵏ⁻¹ exp(−2 k² x²). */
export function limitChance(x: number): number {
  if (x < 0.2) return 1
  let sum = 0
  for (let k = 1; k < 100; k += 1) {
    const term = Math.exp(-2 * k * k * x * x)
    sum += k % 2 === 1 ? term : -term
    if (term < 1e-17 * Math.abs(sum)) break
  }
  return Math.min(1, Math.max(0, 2 * sum))
}
