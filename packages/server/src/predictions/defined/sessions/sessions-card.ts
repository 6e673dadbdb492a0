import type { Quality } from '../methods/method.ts'

/** What a reader of a model about sessions must know before trusting it. Kept with the model. */
export interface SessionsCard {
  readonly kind: 'sessions'
  readonly prediction: string
  /** What is predicted, in words. */
  readonly predicts: string
  readonly data: {
    /** ISO 8601: the first session that was learned from, where the hold-out begins, and until when sessions were over. */
    readonly from: string
    readonly judgedFrom: string
    readonly until: string
  }
  /** Drawn from sessions: after the k-th event with the chance 1/k. */
  readonly moments: { readonly training: CountedMoments; readonly holdOut: CountedMoments }
  readonly consent: { readonly purpose: string; readonly words: string }
  /** Methods tried, the plainest first; those that the time did not reach. */
  readonly tried: readonly string[]
  readonly notTried: readonly string[]
  readonly method: string
  readonly chosenBecause: string
  /** On the hold-out: moments in later sessions of customers whom it had never seen. */
  readonly quality: Quality
  readonly baseline: Quality
  /** What the model loses less than the baseline a moment, on the hold-out; its standard error. */
  readonly gain: { readonly mean: number; readonly error: number; readonly words: string }
  /** On the hold-out, after so many events of the session. */
  readonly byPrefix: readonly PrefixQuality[]
  /** What it is told, by its names. */
  readonly inputs: readonly { readonly feature: string; readonly label: string }[]
  readonly limits: readonly string[]
  readonly seconds: number
}

export interface CountedMoments {
  readonly customers: number
  readonly moments: number
  /** Share in which an order came later. */
  readonly ordered: number
}

/** How good a model is once a session has had so many events; figures are null where one side has fewer than ten. */
export interface PrefixQuality {
  readonly events: number
  readonly sessions: number
  readonly ordered: number
  readonly rocAuc: number | null
  readonly logLoss: number | null
  /** What the share of the training set for everybody would lose. */
  readonly baselineLogLoss: number | null
  /** Mean distance of what is said from what is seen, over ten equal bins of moments. */
  readonly calibrationError: number | null
}
