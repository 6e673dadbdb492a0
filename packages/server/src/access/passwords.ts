import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { RapportError } from '../base/index.ts'

/** One of the parameter sets that OWASP’s Password Storage Cheat Sheet recommends; it takes 64 MiB. */
const preset = { cost: 2 ** 16, blockSize: 8, parallelization: 2 }
const keyBytes = 32
const saltBytes = 16
const [leastLength, mostLength, leastDifferent] = [12, 256, 5]

/**
 * A digest of a password that is slow to make on purpose, with its parameters, so that they can be raised later.
 *
 * @throws RapportError `access.password` when it is too easy to guess
 */
export async function hashPassword(password: string): Promise<string> {
  const length = [...password].length
  if (length < leastLength || length > mostLength || new Set(password).size < leastDifferent) {
    throw new RapportError(
      'access.password',
      `a password must have ${leastLength} to ${mostLength} characters, ${leastDifferent} different ones at least, got ${length}`,
    )
  }
  const salt = randomBytes(saltBytes)
  const key = await derive(password, salt, preset)
  const { cost, blockSize, parallelization } = preset
  return ['scrypt', cost, blockSize, parallelization, salt.toString('base64'), key.toString('base64')].join('$')
}

/**
 * Whether the password is the one of the digest.
 *
 * @param digest null takes as long and says no, so that nobody learns by the clock which accounts there are
 */
export async function isPassword(password: string, digest: string | null): Promise<boolean> {
  const [, cost, blockSize, parallelization, salt, key] = (digest ?? nobodys).split('$')
  const expected = Buffer.from(key!, 'base64')
  const options = { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) }
  const derived = await derive(password.slice(0, mostLength), Buffer.from(salt!, 'base64'), options)
  return timingSafeEqual(derived, expected) && digest !== null
}

const nobodys = [
  ...['scrypt', preset.cost, preset.blockSize, preset.parallelization],
  ...[Buffer.alloc(saltBytes).toString('base64'), Buffer.alloc(keyBytes).toString('base64')],
].join('$')

/** How many may wait for their turn. */
const mostWaiting = 8
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/** One after another: many at once would take the memory and the threads that events need. */
function derive(password: string, salt: Buffer, options: typeof preset) {
  if (waiting >= mostWaiting) {
    throw new RapportError('access.busy', `at most ${mostWaiting} logins may wait, as many do: try again in a second`)
  }
  waiting += 1
  const turn = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const most = 256 * options.cost * options.blockSize
        scrypt(password.normalize('NFKC'), salt, keyBytes, { ...options, maxmem: most }, (error, key) =>
          error ? reject(error) : resolve(key),
        )
      }),
  )
  last = turn
    .catch(() => undefined)
    .finally(() => {
      waiting -= 1
    })
  return turn
}
