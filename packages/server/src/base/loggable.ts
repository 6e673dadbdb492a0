import { RapportError } from '@rapport/numerics'
import { shortened } from './shortened.ts'

/** What may be written into a log of a failure. */
export interface Loggable {
  readonly name: string
  readonly code?: string
  readonly message: string
  /** The innermost calls. */
  readonly at: readonly string[]
}

/** A failure as it may be logged: what is quoted in its message may be of a person, or secret. */
export function loggable(error: unknown): Loggable {
  if (!(error instanceof Error)) return { name: typeof error, message: '', at: [] }
  const { name, message, stack = '' } = error
  const code =
    error instanceof RapportError || 'code' in error ? { code: String((error as { code?: unknown }).code) } : {}
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return { name, ...code, message: withoutValues(message), at: frames.map((line) => line.trim()).slice(0, 12) }
}

const withoutValues = (message: string): string => {
  const words = message
    .replace(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’/g, '…')
    .replace(/[^\s@]+@[^\s@]+/g, '…')
    .replace(/\b(rk|wk)_[\w-]+/g, '…')
    .replace(/\b(got|value)\b:?\s.*/gs, '$1 …')
  return shortened(words, 300)
}
