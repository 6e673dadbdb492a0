/** A share as so many of a thousand customers: small shares are easier to picture so. */
export function perThousand(share: number): string {
  const of = share * 1000
  return of >= 9.95 || of === 0 ? Math.round(of).toLocaleString('en') : of.toFixed(1)
}
