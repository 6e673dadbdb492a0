/**
 * The chance that customers without groups fall into as clear ones, as every verdict writes it: three digits tell the steps of
 * the most draws that are made, 1/40.
 *
 * @param chance above 0, at most 1
 *
 * @example
 * chanceWords(0.05) // 'p = 0.050'
 */
export const chanceWords = (chance: number): string => `p = ${chance.toFixed(3)}`
