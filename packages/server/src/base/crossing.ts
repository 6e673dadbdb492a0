import { RapportError } from '@rapport/numerics'

/** An error as it crosses from one thread to another, which keeps no classes. */
export interface Failure {
  /** Of an error of ours. */
  readonly code: string | undefined
  readonly message: string
  readonly stack: string | undefined
}

export function failureOf(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: error instanceof RapportError ? error.code : undefined, message, stack }
}

/** The error on this side: one of ours stays one. */
export function errorOf({ code, message, stack }: Failure): Error {
  const error = code === undefined ? new Error(message) : new RapportError(code, message)
  if (stack !== undefined) error.stack = stack
  return error
}
