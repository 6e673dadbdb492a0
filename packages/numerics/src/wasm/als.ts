import type { TwinMemory } from './twin.ts'

const { fround } = Math

/** Twin of `alsSweep` in assembly/als.ts. */
export function alsSweep(
  { float32, int32 }: TwinMemory,
  target: number,
  fixed: number,
  gram: number,
  stride: number,
  rowStarts: number,
  columns: number,
  weights: number,
  penalties: number,
  steps: number,
  scratch: number,
  from: number,
  to: number,
): number {
  const residual = scratch >>> 2
  const direction = residual + stride
  const image = direction + stride
  let fall = 0
  const side: FixedSide = {
    float32,
    int32,
    stride,
    fixed: fixed >>> 2,
    gram: gram >>> 2,
    columns: columns >>> 2,
    weights: weights >>> 2,
  }
  for (let row = from; row < to; row += 1) {
    const solution = (target >>> 2) + row * stride
    const first = int32[(rowStarts >>> 2) + row]!
    const last = int32[(rowStarts >>> 2) + row + 1]!
    if (first === last) {
      float32.fill(0, solution, solution + stride)
      continue
    }
    const penalty = float32[(penalties >>> 2) + row]!
    applyGram(side, penalty, solution, residual)
    for (let at = residual; at < residual + stride; at += 1) float32[at] = -float32[at]!
    addEntries(side, true, first, last, solution, residual)
    float32.copyWithin(direction, residual, residual + stride)
    let squared = product(float32, residual, residual, stride)
    for (let step = 0; step < steps && squared >= fround(1e-10); step += 1) {
      applyGram(side, penalty, direction, image)
      addEntries(side, false, first, last, direction, image)
      const length = fround(squared / product(float32, direction, image, stride))
      fall += length * squared
      for (let at = 0; at < stride; at += 1) {
        float32[solution + at]! += fround(length * float32[direction + at]!)
        float32[residual + at]! -= fround(length * float32[image + at]!)
      }
      const left = product(float32, residual, residual, stride)
      const turn = fround(left / squared)
      for (let at = 0; at < stride; at += 1) {
        float32[direction + at] = float32[residual + at]! + fround(turn * float32[direction + at]!)
      }
      squared = left
    }
  }
  return fall
}

/** Twin of `alsLoss` in assembly/als.ts. */
export function alsLoss(
  { float32, int32 }: TwinMemory,
  target: number,
  fixed: number,
  gram: number,
  stride: number,
  rowStarts: number,
  columns: number,
  weights: number,
  penalties: number,
  scratch: number,
  from: number,
  to: number,
): number {
  const image = scratch >>> 2
  const side: FixedSide = {
    float32,
    int32,
    stride,
    fixed: fixed >>> 2,
    gram: gram >>> 2,
    columns: columns >>> 2,
    weights: weights >>> 2,
  }
  let loss = 0
  for (let row = from; row < to; row += 1) {
    const solution = (target >>> 2) + row * stride
    applyGram(side, float32[(penalties >>> 2) + row]!, solution, image)
    loss += product(float32, solution, image, stride)
    const last = int32[(rowStarts >>> 2) + row + 1]!
    for (let entry = int32[(rowStarts >>> 2) + row]!; entry < last; entry += 1) {
      const predicted = product(float32, side.fixed + int32[side.columns + entry]! * stride, solution, stride)
      const missed = 1 - predicted
      loss += (1 + float32[side.weights + entry]!) * (missed * missed) - predicted * predicted
    }
  }
  return loss
}

/** What stands still while a row is solved; places are indices, not bytes. */
interface FixedSide {
  readonly float32: Float32Array
  readonly int32: Int32Array
  readonly stride: number
  readonly fixed: number
  readonly gram: number
  readonly columns: number
  readonly weights: number
}

function applyGram({ float32, stride, gram }: FixedSide, penalty: number, vector: number, image: number): void {
  for (let at = 0; at < stride; at += 1) float32[image + at] = penalty * float32[vector + at]!
  for (let other = 0; other < stride; other += 1) {
    addScaled(float32, float32[vector + other]!, gram + other * stride, image, stride)
  }
}

function addEntries(
  { float32, int32, stride, fixed, columns, weights }: FixedSide,
  isStart: boolean,
  first: number,
  last: number,
  vector: number,
  image: number,
): void {
  for (let entry = first; entry < last; entry += 1) {
    const row = fixed + int32[columns + entry]! * stride
    const weight = float32[weights + entry]!
    const met = fround(weight * product(float32, row, vector, stride))
    addScaled(float32, isStart ? fround(fround(1 + weight) - met) : met, row, image, stride)
  }
}

function addScaled(float32: Float32Array, scale: number, row: number, image: number, stride: number): void {
  for (let at = 0; at < stride; at += 1) float32[image + at]! += fround(scale * float32[row + at]!)
}

function product(float32: Float32Array, one: number, other: number, stride: number): number {
  let lane0 = 0
  let lane1 = 0
  let lane2 = 0
  let lane3 = 0
  for (let at = 0; at < stride; at += 4) {
    lane0 = fround(lane0 + fround(float32[one + at]! * float32[other + at]!))
    lane1 = fround(lane1 + fround(float32[one + at + 1]! * float32[other + at + 1]!))
    lane2 = fround(lane2 + fround(float32[one + at + 2]! * float32[other + at + 2]!))
    lane3 = fround(lane3 + fround(float32[one + at + 3]! * float32[other + at + 3]!))
  }
  return fround(fround(lane0 + lane1) + fround(lane2 + lane3))
}

/** Twin of `gramBlock` in assembly/als.ts. */
export function gramBlock(
  { float32 }: TwinMemory,
  values: number,
  stride: number,
  from: number,
  to: number,
  gram: number,
): undefined {
  for (let one = 0; one < stride; one += 1) {
    for (let other = one - (one % 4); other < stride; other += 1) {
      let sum = 0
      for (let row = from; row < to; row += 1) {
        const at = (values >>> 2) + row * stride
        sum = fround(sum + fround(float32[at + one]! * float32[at + other]!))
      }
      float32[(gram >>> 2) + one * stride + other] = sum
    }
  }
}
