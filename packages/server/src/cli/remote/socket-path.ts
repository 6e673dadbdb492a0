import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the kernel takes, its closing zero left out. */
const longest = 107

/**
 * Where the server of the store in `folder` listens for commands: in the folder itself, or, where that path is too long
 * for a socket, in a run-time folder under a name made from it.
 *
 * @param folder real path
 */
export function socketPath(folder: string): string {
  const inside = join(folder, 'rapport.sock')
  if (Buffer.byteLength(inside) <= longest) return inside
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), `rapport-${name}.sock`)
}
