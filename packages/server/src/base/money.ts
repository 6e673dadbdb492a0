/** Money is a whole number of 10⁻⁶ of the currency's unit, a bigint in SQL; units are for charts and models, never for sums. */
export const microsPerUnit = 1_000_000
