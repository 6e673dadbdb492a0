/** Money as a whole number of 10⁻⁶ of the currency's unit. */
export type Micros = bigint

export const microsPerUnit = 1_000_000

/** Micros as units of the currency; exact up to 9·10⁹ units. For charts and models, never for sums. */
export const unitsOf = (micros: Micros): number => Number(micros) / microsPerUnit
