/** A float holds every whole number of 15 digits, and not every one of more. */
const mostDigits = 15
const [quote, backslash, minus, zero, nine] = [0x22, 0x5c, 0x2d, 0x30, 0x39]

/**
 * JSON in which whole numbers of 16 digits and more stand as text, digit by digit: ids of others are such numbers.
 *
 * @example
 * withExactIntegers(Buffer.from('[820982911946154508]')) // ["820982911946154508"]
 */
export function withExactIntegers(json: Buffer): Buffer {
  const parts: (Buffer | string)[] = []
  let copied = 0
  let isText = false
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!
    if (isText) {
      if (byte === backslash) at += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === minus || isDigit(byte)) {
      const end = endOfNumber(json, at)
      if (isLongInteger(json, at, end)) {
        parts.push(json.subarray(copied, at), `"${json.toString('latin1', at, end)}"`)
        copied = end
      }
      at = end - 1
    }
  }
  if (copied === 0) return json
  return Buffer.concat([...parts, json.subarray(copied)].map((part) => Buffer.from(part)))
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= nine

/** Where the characters end that a number can have: digits, signs, a point, an exponent. */
function endOfNumber(json: Buffer, start: number): number {
  let at = start + 1
  // + - . are 0x2b 0x2d 0x2e; E and e differ by one bit.
  for (; at < json.length; at += 1) {
    const byte = json[at]!
    if (!isDigit(byte) && byte !== 0x2b && byte !== minus && byte !== 0x2e && (byte | 0x20) !== 0x65) break
  }
  return at
}

function isLongInteger(json: Buffer, start: number, end: number): boolean {
  const first = json[start] === minus ? start + 1 : start
  if (end - first <= mostDigits) return false
  for (let at = first; at < end; at += 1) if (!isDigit(json[at]!)) return false
  return true
}
