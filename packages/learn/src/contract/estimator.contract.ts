import type { Saveable } from '../persist/index.ts'

/** Kinds of what fits return in place of a model: a reason, with its `message`. */
export const reasonKinds = ['too-few-rows', 'too-short', 'unfitted'] as const

type Reason = { readonly kind: (typeof reasonKinds)[number] }

/** An input at the edge of what a method can be asked, by what is odd about it: `one row`, `infinite value`. */
export interface Edge<Input> {
  readonly name: string
  readonly input: Input
  /** Nothing sensible can come of it, so an answer is an error too: a target that is NaN, fewer targets than rows. */
  readonly mustRefuse?: true
  /** The ordinary input's values times this (its rows, not its targets): what knows no units must say the same of it. */
  readonly scale?: number
}

/** What methods of one kind are tried on. */
export interface Inputs<Input> {
  readonly ordinary: Input
  /** Another one of another shape, to be forgotten. */
  readonly other: Input
  readonly edges: readonly Edge<Input>[]
}

/**
 * A row of the table of estimators: how one is fitted, and what its models are used for. All the laws of
 * `estimators.slow.test.ts` then hold for it, or fail.
 */
export interface Estimator<Input, Fitted extends Saveable> {
  /** The exported function, and after a space what sets this row apart from others of it: `fitForest extra trees`. */
  readonly name: `fit${string}`
  readonly inputs: Inputs<Input>
  /** @param workers to be given to the method when it takes them */
  readonly fit: (input: Input, workers: number) => Fitted | Promise<Fitted>
  /** Everything that the model says of the input, as plain data; nothing in it may be NaN or infinite. */
  readonly use: (model: Exclude<Fitted, Reason>, input: Input) => unknown
  /** True where the method's contract is that missing values of the input stay missing in what comes out. */
  readonly keepsMissing?: true
  /** True where `fit` hands over something made of the input: arguments without sense do not arrive as they are. */
  readonly derives?: true
  /** True where multiplying all columns by one number must not change what is said of the rows. */
  readonly hasNoUnits?: true
}

export type AnyEstimator = Estimator<unknown, Saveable>

/** A row of the table, checked in its own types. */
export const estimator = <Input, Fitted extends Saveable>(row: Estimator<Input, Fitted>): AnyEstimator =>
  row as unknown as AnyEstimator
