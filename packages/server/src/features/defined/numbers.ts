/** Millionths in one: numbers of facts are added as whole millionths, so that every order of adding gives the same. */
export const millionths = 1_000_000

/** Beyond this, either way, a number is missing: its millionths would not be exact. */
export const numberMax = 9e9

/** What is read as a number: JSON's form of one, without blanks around it. */
export const numberForm = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** Whole millionths of a number, halves upwards; null beyond ±9·10⁹ and for what is none. */
export function inMillionths(value: number): number | null {
  return Math.abs(value) <= numberMax ? Math.floor(value * millionths + 0.5) : null
}

/** Whole millionths of a text that is a number; null where it is none. */
export const millionthsOf = (text: string): number | null => (numberForm.test(text) ? inMillionths(Number(text)) : null)
