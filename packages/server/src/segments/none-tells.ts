const namedMost = 10

/**
 * That customers cannot be told apart by any of some features, with their names where these can be read.
 *
 * @param which how the features came to be asked: `a feature`, `a chosen feature`
 */
export function noneTells(which: string, names: readonly string[]): string {
  const more = names.length - namedMost
  const shown = names.slice(0, namedMost).join(', ') || 'none'
  return (
    `${which} must tell customers apart, none does of ${shown}${more > 0 ? ` and ${more} more` : ''}: features come of orders, visits, ` +
    'products viewed, carts, emails, tickets and the usual traits; events and traits that a shop named itself are declared (rapport features declare)'
  )
}
