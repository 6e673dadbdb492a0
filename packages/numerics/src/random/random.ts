import { RapportError } from '../error.ts'

/** A seeded source of random numbers. The same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** A whole number, 0 … below − 1, every one equally likely. */
  integer(below: number): number
  /** Standard normal: mean 0, variance 1. */
  normal(): number
  /** Exponential with the given rate; mean 1 / rate. */
  exponential(rate: number): number
  /** Gamma with the given shape > 0 and scale > 0; mean shape × scale. */
  gamma(shape: number, scale: number): number
  /** Beta on (0, 1); mean a / (a + b). */
  beta(a: number, b: number): number
  /** Poisson with mean ≥ 0. */
  poisson(mean: number): number
  /** Puts `values` into random order, in place. */
  shuffle(values: { length: number; [index: number]: number }): void
  /** An independent source for part `stream` of the work, whatever was drawn from this one. */
  fork(stream: number): Random
}

/**
 * A random source from a seed: xoshiro128**, its state filled by splitmix32.
 *
 * @param seed a whole number, 0 … 2³² − 1
 * @throws RapportError `random.seed` when the seed is anything else
 *
 * Source: Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021.
 *
 * @example
 * seededRandom(7).integer(6) // the same face of the die every time
 */
export function seededRandom(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RapportError('random.seed', `seed must be a whole number from 0 to 4294967295, got ${seed}`)
  }
  return new Xoshiro(seed >>> 0)
}

/** Uniform numbers that are made at once: a loop over them takes a third of the time of a call for each. */
const uniformsAtOnce = 64

class Xoshiro implements Random {
  readonly #seed: number
  #a: number
  #b: number
  #c: number
  #d: number
  #spareNormal: number | undefined
  #uniforms: Float64Array | undefined
  #next = uniformsAtOnce

  constructor(seed: number) {
    this.#seed = seed
    let state = seed
    const fill = (): number => {
      state = (state + 0x9e3779b9) | 0
      return mix(state)
    }
    this.#a = fill()
    this.#b = fill()
    this.#c = fill()
    this.#d = fill()
  }

  uniform(): number {
    if (this.#next === uniformsAtOnce) this.#makeUniforms()
    const place = this.#next
    this.#next = place + 1
    return this.#uniforms![place]!
  }

  #makeUniforms(): void {
    this.#uniforms ??= new Float64Array(uniformsAtOnce)
    const made = this.#uniforms
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d]
    let high = 0
    // Two of the generator's 32 bits each make one number of 53 bits.
    for (let step = 0; step < 2 * uniformsAtOnce; step += 1) {
      const bits = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = rotateLeft(d, 11)
      if (step % 2 === 0) high = bits >>> 5
      else made[step >> 1] = (high * 67108864 + (bits >>> 6)) / 9007199254740992
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
    this.#next = 0
  }

  integer(below: number): number {
    return Math.floor(this.uniform() * below)
  }

  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal
      this.#spareNormal = undefined
      return spare
    }
    // Marsaglia's polar method: no trigonometry, two numbers a round.
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const square = x * x + y * y
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square)
        this.#spareNormal = y * scale
        return x * scale
      }
    }
  }

  exponential(rate: number): number {
    return -Math.log1p(-this.uniform()) / rate
  }

  gamma(shape: number, scale: number): number {
    // Marsaglia & Tsang 2000; shapes below 1 are boosted by one and scaled back.
    if (shape < 1) return this.gamma(shape + 1, scale) * (1 - this.uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const v = (1 + c * x) ** 3
      if (!(v > 0)) continue
      const u = 1 - this.uniform()
      // Their squeeze lies inside the exact test and spares nearly all of its logarithms.
      if (u < 1 - 0.0331 * (x * x) * (x * x) || Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v * scale
      }
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a, 1)
    return x / (x + this.gamma(b, 1))
  }

  poisson(mean: number): number {
    // Large means are split: a sum of Poissons is Poisson, and exp(-mean) must not vanish.
    let count = 0
    let left = mean
    while (left > 30) {
      count += this.poisson(30)
      left -= 30
    }
    const limit = Math.exp(-left)
    let product = 1 - this.uniform()
    while (product > limit) {
      count += 1
      product *= 1 - this.uniform()
    }
    return count
  }

  shuffle(values: { length: number; [index: number]: number }): void {
    for (let last = values.length - 1; last > 0; last -= 1) {
      const other = this.integer(last + 1)
      const held = values[last]!
      values[last] = values[other]!
      values[other] = held
    }
  }

  fork(stream: number): Random {
    return new Xoshiro(mix(this.#seed ^ mix((stream + 0x85ebca6b) | 0)) >>> 0)
  }
}

const rotateLeft = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

function mix(state: number): number {
  let z = state ^ (state >>> 16)
  z = Math.imul(z, 0x21f0aaad)
  z ^= z >>> 15
  z = Math.imul(z, 0x735a2d97)
  return z ^ (z >>> 15)
}
