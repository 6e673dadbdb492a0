/**
 * The one error of the project: something a caller can act on.
 *
 * `code` is `room.reason`, stable and documented; `message` says what must hold and what was got,
 * with neither full stop nor apology.
 *
 * @example
 * new RapportError('k-means.clusters', 'clusters must be between 1 and 40 (rows), got 0').code // 'k-means.clusters'
 */
export class RapportError extends Error {
  override readonly name = 'RapportError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
