// The source of random numbers of `src/random/random.ts`, number for number. Every thread has an instance of the module, and
// with it a state of its own.
let a: u32 = 0
let b: u32 = 0
let c: u32 = 0
let d: u32 = 0

/** Begins anew, as `seededRandom(seed)` does. */
export function seedRandom(seed: u32): void {
  a = mix(seed + 0x9e3779b9)
  b = mix(seed + 0x9e3779b9 * 2)
  c = mix(seed + 0x9e3779b9 * 3)
  d = mix(seed + 0x9e3779b9 * 4)
}

/** Uniform in [0, 1), 53 bits. */
export function uniform(): f64 {
  const high = bits() >>> 5
  const low = bits() >>> 6
  return (<f64>high * 67108864 + <f64>low) / 9007199254740992
}

/** A whole number, 0 … below − 1. */
export function integer(below: i32): i32 {
  return <i32>(uniform() * <f64>below)
}

function bits(): u32 {
  const scrambled = rotl<u32>(b * 5, 7) * 9
  const shifted = b << 9
  c ^= a
  d ^= b
  b ^= c
  a ^= d
  c ^= shifted
  d = rotl<u32>(d, 11)
  return scrambled
}

function mix(state: u32): u32 {
  let z = state ^ (state >>> 16)
  z *= 0x21f0aaad
  z ^= z >>> 15
  z *= 0x735a2d97
  return z ^ (z >>> 15)
}
