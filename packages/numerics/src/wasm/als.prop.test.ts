import { expect, test } from 'vitest'
import { withKernels } from '../pool/with-kernels.ts'
import { seededRandom } from '../random/random.ts'

/** One sweep of 40 rows over 30 fixed rows, and the Gram matrix of the fixed ones, as bytes. */
function sweep(engine: 'wasm' | 'typescript', stride: number): Promise<Uint8Array[]> {
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const random = seededRandom(stride)
    const normals = (length: number) => {
      const span = arena.float32(length)
      const { view } = span
      for (let at = 0; at < length; at += 1) view[at] = random.normal()
      return span
    }
    const target = normals(40 * stride)
    const fixed = normals(30 * stride)
    const gram = arena.float32(stride * stride)
    const rowStarts = arena.int32(41)
    // Row 5 is empty; the others have 1 … 9 entries, so that whole groups of four and rests both occur.
    for (let row = 0; row < 40; row += 1) {
      rowStarts.view[row + 1] = rowStarts.view[row]! + (row === 5 ? 0 : 1 + (row % 9))
    }
    const entries = rowStarts.view[40]!
    const columns = arena.int32(entries)
    for (let at = 0; at < entries; at += 1) columns.view[at] = random.integer(30)
    const weights = arena.float32(entries)
    const penalties = arena.float32(40)
    for (let at = 0; at < entries; at += 1) weights.view[at] = random.exponential(0.3)
    penalties.view.fill(0.7)
    const scratch = arena.float32(3 * stride)
    await run('gramBlock', [[fixed.at, stride, 3, 30, gram.at]])
    const upper = new Uint8Array(gram.view.slice().buffer)
    const whole = gram.view
    for (let row = 0; row < stride; row += 1) {
      for (let column = 0; column < row; column += 1) whole[row * stride + column] = whole[column * stride + row]!
    }
    const spans = [target, fixed, gram].map(({ at }) => at)
    const rows = [rowStarts, columns, weights, penalties].map(({ at }) => at)
    const [fall] = await run('alsSweep', [[...spans, stride, ...rows, 4, scratch.at, 0, 40]])
    const [loss] = await run('alsLoss', [[...spans, stride, ...rows, scratch.at, 0, 40]])
    return [upper, new Uint8Array(target.view.slice().buffer), new Uint8Array(Float64Array.of(fall!, loss!).buffer)]
  })
}

test.each([4, 12, 64])('the ALS kernels and their twins agree bit for bit (%i factors)', async (stride) => {
  const kernel = await sweep('wasm', stride)
  expect(await sweep('typescript', stride)).toEqual(kernel)
  expect(new Float32Array(kernel[1]!.buffer).every(Number.isFinite)).toBe(true)
  const [fall, loss] = new Float64Array(kernel[2]!.buffer)
  expect(fall! > 0 && loss! > 0).toBe(true)
})
