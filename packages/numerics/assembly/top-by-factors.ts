import { offerToList, scoreAt, sortList } from './top-list'

/**
 * The `k` items whose factors have the largest products with each user's, for users `from … to − 1`, four side by side.
 *
 * `users` holds factors `[users × factors]`, single precision; from and to are multiples of 4. `items` holds
 * `[blocks × factors × 8]`, eight items of a block side by side, zeros behind the last of `itemCount`; `numbers` (i32) says
 * which item is in a place. Items come by falling length: `lengths` (f64) has that of each block's first item, and a
 * user is done where no later item is long enough. `userLengths` (f64): 0 for a user who gets nothing.
 *
 * Single precision only rules items out: whatever comes near a list is multiplied again in double precision, factor by
 * factor, and that decides. Items of `ownColumns` (i32, rising; user n has `ownStarts[n] … ownStarts[n + 1] − 1`) are left
 * out. `outItems` (i32) and `outScores` (f64) take k places a user, best first, `sizes` (i32) their number.
 *
 * Twin: `wasm/top-by-factors.ts`, with the same result bit for bit.
 */
export function topByFactors(
  users: usize,
  userLengths: usize,
  items: usize,
  numbers: usize,
  lengths: usize,
  factors: i32,
  itemCount: i32,
  ownStarts: usize,
  ownColumns: usize,
  k: i32,
  outItems: usize,
  outScores: usize,
  sizes: usize,
  from: i32,
  to: i32,
): void {
  const userBytes = (<usize>factors) << 2
  const blockBytes = userBytes << 3
  const blocks = (<usize>itemCount + 7) >> 3
  // What rounding may take from a product, for vectors of length 1; several times too wide, which costs nothing.
  const doubt = <f64>(factors + 4) * 2.384185791015625e-7
  const longest = blocks === 0 ? <f64>0 : load<f64>(lengths)
  for (let user: usize = from; user < <usize>to; user += 4) {
    const user0 = users + user * userBytes
    const user1 = user0 + userBytes
    const user2 = user1 + userBytes
    const user3 = user2 + userBytes
    const sizesAt = sizes + (user << 2)
    memory.fill(sizesAt, 0, 16)
    let limit0 = limitOf(user, userLengths, sizes, outScores, k, doubt * longest)
    let limit1 = limitOf(user + 1, userLengths, sizes, outScores, k, doubt * longest)
    let limit2 = limitOf(user + 2, userLengths, sizes, outScores, k, doubt * longest)
    let limit3 = limitOf(user + 3, userLengths, sizes, outScores, k, doubt * longest)
    for (let block: usize = 0; block < blocks; block += 1) {
      const reach = load<f64>(lengths + (block << 3)) * 1.000001
      if (
        isOutOfReach(user, userLengths, limit0, reach) &&
        isOutOfReach(user + 1, userLengths, limit1, reach) &&
        isOutOfReach(user + 2, userLengths, limit2, reach) &&
        isOutOfReach(user + 3, userLengths, limit3, reach)
      ) {
        break
      }
      const first = items + block * blockBytes
      let low0 = f32x4.splat(0)
      let low1 = f32x4.splat(0)
      let low2 = f32x4.splat(0)
      let low3 = f32x4.splat(0)
      let high0 = f32x4.splat(0)
      let high1 = f32x4.splat(0)
      let high2 = f32x4.splat(0)
      let high3 = f32x4.splat(0)
      for (let at: usize = 0; at < userBytes; at += 4) {
        const low = v128.load(first + (at << 3))
        const high = v128.load(first + (at << 3), 16)
        const by0 = v128.load32_splat(user0 + at)
        low0 = f32x4.add(low0, f32x4.mul(by0, low))
        high0 = f32x4.add(high0, f32x4.mul(by0, high))
        const by1 = v128.load32_splat(user1 + at)
        low1 = f32x4.add(low1, f32x4.mul(by1, low))
        high1 = f32x4.add(high1, f32x4.mul(by1, high))
        const by2 = v128.load32_splat(user2 + at)
        low2 = f32x4.add(low2, f32x4.mul(by2, low))
        high2 = f32x4.add(high2, f32x4.mul(by2, high))
        const by3 = v128.load32_splat(user3 + at)
        low3 = f32x4.add(low3, f32x4.mul(by3, low))
        high3 = f32x4.add(high3, f32x4.mul(by3, high))
      }
      const near0 = nearMask(low0, high0, limit0)
      const near1 = nearMask(low1, high1, limit1)
      const near2 = nearMask(low2, high2, limit2)
      const near3 = nearMask(low3, high3, limit3)
      if ((near0 | near1 | near2 | near3) === 0) continue
      for (let place: usize = 0; place < 4; place += 1) {
        const near = place === 0 ? near0 : place === 1 ? near1 : place === 2 ? near2 : near3
        if (near === 0) continue
        const one = user + place
        offerNear(
          near,
          user0 + place * userBytes,
          userBytes,
          first,
          numbers,
          block << 3,
          itemCount,
          ownStarts + (one << 2),
          ownColumns,
          outItems + ((one * <usize>k) << 2),
          outScores + ((one * <usize>k) << 3),
          sizesAt + (place << 2),
          k,
        )
        const limit = limitOf(one, userLengths, sizes, outScores, k, doubt * longest)
        if (place === 0) limit0 = limit
        else if (place === 1) limit1 = limit
        else if (place === 2) limit2 = limit
        else limit3 = limit
      }
    }
    for (let place: usize = 0; place < 4; place += 1) {
      const one = (user + place) * <usize>k
      sortList(outItems + (one << 2), outScores + (one << 3), load<i32>(sizesAt + (place << 2)), false)
    }
  }
}

/** What a product in single precision must reach to be looked at: anything while the list has room. */
function limitOf(user: usize, userLengths: usize, sizes: usize, scores: usize, k: i32, doubt: f64): f32 {
  const length = load<f64>(userLengths + (user << 3))
  if (length === 0) return f32.MAX_VALUE
  if (load<i32>(sizes + (user << 2)) < k) return -f32.MAX_VALUE
  return <f32>(scoreAt(scores + ((user * <usize>k) << 3), 0) - doubt * length)
}

function isOutOfReach(user: usize, userLengths: usize, limit: f32, reach: f64): bool {
  return load<f64>(userLengths + (user << 3)) * reach < <f64>limit
}

/** A bit for each of a block's eight items that reaches the limit. */
function nearMask(low: v128, high: v128, limit: f32): i32 {
  const limits = f32x4.splat(limit)
  return i32x4.bitmask(f32x4.ge(low, limits)) | (i32x4.bitmask(f32x4.ge(high, limits)) << 4)
}

/** Offers a user the items of a block whose bits are set in `near`, by their products in double precision. */
function offerNear(
  near: i32,
  user: usize,
  userBytes: usize,
  first: usize,
  numbers: usize,
  from: usize,
  itemCount: i32,
  ownStarts: usize,
  ownColumns: usize,
  items: usize,
  scores: usize,
  sizeAt: usize,
  k: i32,
): void {
  let size = load<i32>(sizeAt)
  for (let lane: usize = 0; lane < 8; lane += 1) {
    if (((near >> <i32>lane) & 1) === 0 || from + lane >= <usize>itemCount) continue
    const item = load<i32>(numbers + ((from + lane) << 2))
    if (isOwn(item, ownColumns, load<i32>(ownStarts), load<i32>(ownStarts, 4))) continue
    let score: f64 = 0
    for (let at: usize = 0; at < userBytes; at += 4) {
      score += <f64>load<f32>(user + at) * <f64>load<f32>(first + (at << 3) + (lane << 2))
    }
    size = offerToList(items, scores, size, k, item, score)
  }
  store<i32>(sizeAt, size)
}

function isOwn(item: i32, columns: usize, first: i32, last: i32): bool {
  let low = first
  let high = last
  while (low < high) {
    const middle = (low + high) >> 1
    const met = load<i32>(columns + ((<usize>middle) << 2))
    if (met === item) return true
    if (met < item) low = middle + 1
    else high = middle
  }
  return false
}
