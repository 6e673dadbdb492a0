/** Characters of a text that is kept: with what is beside it, it stays within the 32 kB of an event. */
export const longestText = 8000
