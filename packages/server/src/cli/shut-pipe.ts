/**
 * Lets whoever reads a stream have seen enough: `rapport predict list --json | head`. What is written after that is lost, and
 * nothing else happens; a server goes on serving. Any other fault of the stream is thrown as it would have been.
 */
export function endQuietlyWithReader(stream: Pick<NodeJS.WriteStream, 'on'>): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
