import { RapportError } from '@rapport/numerics'
import type { z } from 'zod'

/** A document that is not what its schema asks for, and where. */
export class MisfitError extends RapportError {
  /** JSON pointer; '' is the whole document. */
  readonly pointer: string

  constructor(code: string, pointer: string, must: string) {
    super(code, `${pointer || 'the document'} must fit: ${must}`)
    this.pointer = pointer
  }
}

/**
 * A document as its schema has it.
 *
 * @throws MisfitError with `code`, at the first place that does not fit
 */
export function fit<Document>(schema: z.ZodType<Document>, value: unknown, code: string): Document {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const { path, message } = error.issues[0]!
  const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  throw new MisfitError(code, pointer, message)
}
