import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { dataPath } from '../../../../tooling/test-data.ts'

/** Ratings of MovieLens 100K in the order of u.data; users and items count from 0. */
export interface Ratings {
  readonly user: Int32Array
  readonly item: Int32Array
  readonly rating: Float64Array
}

export const movielensUsers = 943
export const movielensItems = 1682

export function readMovielens(): Ratings {
  const text = gunzipSync(readFileSync(dataPath('movielens_100k', 'ml-100k.inter.gz'))).toString('utf8')
  const rows = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').map(Number))
  return {
    user: Int32Array.from(rows, ([user]) => user! - 1),
    item: Int32Array.from(rows, ([, item]) => item! - 1),
    rating: Float64Array.from(rows, ([, , rating]) => rating!),
  }
}

/**
 * A random three quarters of each user's ratings for training, the rest for the test, as `python_stratified_split` of
 * the package `recommenders` cuts them: one number per rating from numpy's generator, ranks within the user, and a rank
 * of at most 0.75 of the user's ratings trains.
 */
export function splitStratified(ratings: Ratings, seed: number): { train: Ratings; test: Ratings } {
  const draw = mersenneTwister(seed)
  const order = Array.from(ratings.user, (user, at) => ({ at, user, key: draw() }))
  order.sort((one, other) => one.user - other.user || one.key - other.key)
  const counts = new Int32Array(movielensUsers)
  for (const user of ratings.user) counts[user]! += 1
  const seen = new Int32Array(movielensUsers)
  const train: number[] = []
  const test: number[] = []
  for (const { at, user } of order) {
    seen[user]! += 1
    ;(seen[user]! / counts[user]! <= 0.75 ? train : test).push(at)
  }
  return { train: takeRatings(ratings, train), test: takeRatings(ratings, test) }
}

/** `[users × items]`, 1 for every rating whatever its height, as the protocol has it. */
export function takenBy({ user, item }: Ratings): SparseMatrix {
  return sparseFromTriplets(movielensUsers, movielensItems, user, item)
}

const takeRatings = ({ user, item, rating }: Ratings, rows: readonly number[]): Ratings => ({
  user: Int32Array.from(rows, (row) => user[row]!),
  item: Int32Array.from(rows, (row) => item[row]!),
  rating: Float64Array.from(rows, (row) => rating[row]!),
})

/**
 * numpy's legacy `RandomState(seed).rand()`: MT19937, 53 bits a number.
 *
 * Source: Matsumoto & Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998.
 */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(624)
  state[0] = seed
  for (let at = 1; at < 624; at += 1) {
    const before = state[at - 1]! ^ (state[at - 1]! >>> 30)
    state[at] = Math.imul(1812433253, before) + at
  }
  let at = 624
  const next = (): number => {
    if (at === 624) {
      for (let place = 0; place < 624; place += 1) {
        const joined = (state[place]! & 0x80000000) | (state[(place + 1) % 624]! & 0x7fffffff)
        state[place] = state[(place + 397) % 624]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0)
      }
      at = 0
    }
    let bits = state[at]!
    at += 1
    bits ^= bits >>> 11
    bits ^= (bits << 7) & 0x9d2c5680
    bits ^= (bits << 15) & 0xefc60000
    return (bits ^ (bits >>> 18)) >>> 0
  }
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
}
