/** The names and places on the way of a JSON pointer (RFC 6901) that begins with a slash. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split('/')
    .map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'))

/** Whether a step can be a place of a list. */
export const isPlace = (step: string): boolean => /^\d{1,9}$/.test(step)
