import { cholesky, type Kernels, type Span, triangularise } from '@rapport/numerics'

/** Rows of a block of a Gram matrix: fixed, so that workers never show. */
const gramRows = 256
/** Where less than this share of a column's square is left of it beside the others, Cholesky's basis is not good enough. */
const dependentShare = 1e-8
/** Sums of squares below this have lost digits to underflow. */
const squareMin = 1e-200

/** A block of few columns in the arena, stored row after row, its rows padded with zeros to `stride`. */
export class NarrowBlock {
  readonly rows: number
  readonly width: number
  /** `width` rounded up to a multiple of 4, as kernels want it. */
  readonly stride: number
  readonly #kernels: Kernels
  #values: Span<Float64Array>
  #spare: Span<Float64Array> | undefined
  readonly #grams: Span<Float64Array>

  constructor(kernels: Kernels, rows: number, width: number) {
    this.#kernels = kernels
    this.rows = rows
    this.width = width
    this.stride = Math.ceil(width / 4) * 4
    this.#values = kernels.arena.float64(rows * this.stride)
    this.#grams = kernels.arena.float64(Math.ceil(rows / gramRows) * this.stride * this.stride)
  }

  /** `[rows × stride]`; another place after `orthonormalise`. */
  get values(): Span<Float64Array> {
    return this.#values
  }

  /** @param block `[rows × width]` */
  fill(block: Float64Array): void {
    const view = this.#values.view
    for (let row = 0; row < this.rows; row += 1) {
      view.set(block.subarray(row * this.width, (row + 1) * this.width), row * this.stride)
    }
  }

  /** A copy, `[rows × width]`. */
  unpadded(): Float64Array {
    const view = this.#values.view
    const block = new Float64Array(this.rows * this.width)
    for (let row = 0; row < this.rows; row += 1) {
      block.set(view.subarray(row * this.stride, row * this.stride + this.width), row * this.width)
    }
    return block
  }

  /** Copies of the columns, `width` of `[rows]`. */
  columns(): Float64Array[] {
    const view = this.#values.view
    return Array.from({ length: this.width }, (_, column) => {
      const copy = new Float64Array(this.rows)
      for (let row = 0; row < this.rows; row += 1) copy[row] = view[row * this.stride + column]!
      return copy
    })
  }

  /** `[stride × stride]` the products of the columns with each other. */
  async gram(): Promise<Float64Array> {
    const { stride, rows } = this
    const size = stride * stride
    const tasks: number[][] = []
    for (let from = 0; from < rows; from += gramRows) {
      const at = this.#grams.at + tasks.length * size * 8
      tasks.push([this.#values.at, stride, from, Math.min(rows, from + gramRows), at])
    }
    await this.#kernels.run('crossProducts', tasks)
    const grams = this.#grams.view
    const gram = new Float64Array(size)
    for (let from = 0; from < grams.length; from += size) {
      for (let at = 0; at < size; at += 1) gram[at]! += grams[from + at]!
    }
    for (let row = 0; row < stride; row += 1) {
      for (let column = 0; column < row; column += 1) gram[row * stride + column] = gram[column * stride + row]!
    }
    return gram
  }

  /**
   * Makes the columns orthonormal: by the Cholesky factor of their Gram matrix, which is several times as fast as
   * reflections, and by reflections where columns nearly depend on each other.
   *
   * @param passes 1 leaves them orthonormal to about 8 digits in the worst case, 2 to rounding
   * @returns `width` columns of `[width]`: the triangle R with (orthonormal) R = what the block was
   *
   * Source: Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm", ETNA 44, 2015.
   */
  async orthonormalise(passes: 1 | 2): Promise<Float64Array[]> {
    let triangle: readonly Float64Array[] | undefined
    for (let pass = 0; pass < passes; pass += 1) {
      const lower = this.#cholesky(await this.gram())
      if (!lower) return joinTriangles(this.#reflect(), triangle)
      await this.#divide(lower)
      triangle = joinTriangles(
        Array.from({ length: this.width }, (_, column) => lower.slice(column * this.width, (column + 1) * this.width)),
        triangle,
      )
    }
    return triangle!.map((column) => column.slice())
  }

  /** Copies of the columns' combinations: Σ columnⱼ shareⱼ, a `[rows]` for each `[width]` of shares. */
  async combined(shares: readonly Float64Array[]): Promise<Float64Array[]> {
    const mark = this.#kernels.arena.mark()
    const small = new NarrowBlock(this.#kernels, this.stride, shares.length)
    const view = small.values.view
    shares.forEach((share, column) => {
      for (let row = 0; row < share.length; row += 1) view[row * small.stride + column] = share[row]!
    })
    const product = new NarrowBlock(this.#kernels, this.rows, shares.length)
    await this.#timesSmall(small.values, small.stride, product.values)
    const columns = product.columns()
    this.#kernels.arena.release(mark)
    return columns
  }

  /** `[width × width]` the lower triangle, or undefined when it would not be exact enough. */
  #cholesky(gram: Float64Array): Float64Array | undefined {
    const { width, stride } = this
    const square = new Float64Array(width * width)
    for (let row = 0; row < width; row += 1) {
      if (!(gram[row * stride + row]! > squareMin)) return undefined
      square.set(gram.subarray(row * stride, row * stride + width), row * width)
    }
    const lower = cholesky(square, width, dependentShare)?.lower
    return lower?.every(Number.isFinite) ? lower : undefined
  }

  /** Block ← block L⁻ᵀ. */
  async #divide(lower: Float64Array): Promise<void> {
    const { rows, width, stride } = this
    const { arena } = this.#kernels
    this.#spare ??= arena.float64(rows * stride)
    const mark = arena.mark()
    const inverse = arena.float64(stride * stride)
    const view = inverse.view
    // Row r of L⁻ᵀ is column r of L⁻¹.
    for (let row = 0; row < width; row += 1) {
      for (let column = row; column < width; column += 1) {
        let left = row === column ? 1 : 0
        for (let at = row; at < column; at += 1) left -= lower[column * width + at]! * view[row * stride + at]!
        view[row * stride + column] = left / lower[column * width + column]!
      }
    }
    await this.#timesSmall(inverse, stride, this.#spare)
    arena.release(mark)
    const held = this.#values
    this.#values = this.#spare
    this.#spare = held
  }

  /** Block × small `[stride × ofSmall]` into `product` `[rows × ofSmall]`. */
  async #timesSmall(small: Span<Float64Array>, ofSmall: number, product: Span<Float64Array>): Promise<void> {
    const tasks: number[][] = []
    for (let from = 0; from < this.rows; from += gramRows) {
      const to = Math.min(this.rows, from + gramRows)
      tasks.push([0, this.stride, 0, this.#values.at, from, to, small.at, ofSmall, product.at])
    }
    await this.#kernels.run('rowsTimesBlock', tasks)
  }

  #reflect(): readonly Float64Array[] {
    const { triangle, orthonormal } = triangularise(this.columns())
    const view = this.#values.view
    orthonormal().forEach((column, at) => {
      for (let row = 0; row < this.rows; row += 1) view[row * this.stride + at] = column[row]!
    })
    return triangle
  }
}

/** The triangle of both steps together, `later` × `earlier`, as columns. */
function joinTriangles(later: readonly Float64Array[], earlier: readonly Float64Array[] | undefined): Float64Array[] {
  if (!earlier) return later.map((column) => column.slice())
  return earlier.map((column) => {
    const joined = new Float64Array(column.length)
    column.forEach((share, at) => {
      for (let row = 0; row < joined.length; row += 1) joined[row]! += later[at]![row]! * share
    })
    return joined
  })
}
