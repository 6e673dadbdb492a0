import { createRequire } from 'node:module'
import type { Matrix } from '@rapport/numerics'

// What the tests use of onnxruntime-web; its own types need those of a browser.
interface Tensor {
  readonly data: ArrayLike<number | bigint>
  readonly dims: readonly number[]
}
interface Session {
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>
  release(): Promise<void>
}
interface OnnxRuntime {
  readonly env: { wasm: { numThreads: number }; logLevel: string }
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> }
  readonly Tensor: new (
    type: 'float32' | 'string',
    data: Float32Array | readonly string[],
    dims: readonly number[],
  ) => Tensor
}

const require = createRequire(import.meta.url)

/** Runs a model over rows: `[columns of all outputs][rows]`. */
export const runInOnnx = (model: Uint8Array, { rows, columns, values }: Matrix): Promise<number[][]> =>
  runOver(model, 'float32', Float32Array.from(values), [rows, columns])

/** The same over words. */
export const runWordsInOnnx = (model: Uint8Array, words: readonly string[]): Promise<number[][]> =>
  runOver(model, 'string', words, [words.length, 1])

async function runOver(
  model: Uint8Array,
  type: 'float32' | 'string',
  values: Float32Array | readonly string[],
  dims: readonly [number, number],
): Promise<number[][]> {
  const [rows] = dims
  const runtime = require('onnxruntime-web') as OnnxRuntime
  runtime.env.wasm.numThreads = 1
  const session = await runtime.InferenceSession.create(model)
  const input = new runtime.Tensor(type, values, dims)
  const found = await session.run({ input })
  const results = session.outputNames.flatMap((name) => {
    const { data, dims } = found[name]!
    const width = dims[1]!
    return Array.from({ length: width }, (_, column) =>
      Array.from({ length: rows }, (_row, row) => Number(data[row * width + column])),
    )
  })
  await session.release()
  return results
}

/**
 * The largest difference between an ONNX model's results and those in process, as a share of the largest size in the
 * column: floats have seven digits of what was added up, not of what is left after cancelling.
 */
export function worstShare(columns: readonly number[][], expected: Matrix): number {
  let worst = columns.length === expected.columns ? 0 : Infinity
  columns.forEach((column, at) => {
    const wanted = Array.from({ length: expected.rows }, (_, row) => expected.values[row * expected.columns + at]!)
    const size = wanted.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0)
    wanted.forEach((value, row) => {
      if (Number.isNaN(value) && Number.isNaN(column[row])) return
      const difference = value === column[row] ? 0 : Math.abs(value - column[row]!) / size
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference)
    })
  })
  return worst
}
