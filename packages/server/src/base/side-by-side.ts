/**
 * Runs work of which no part needs another's outcome side by side, so that one computes while another waits for the
 * store or for threads. All end before anything goes on: what fails leaves nothing running behind it.
 *
 * @returns the outcomes, in order
 * @throws what the first part in order that failed threw
 */
export async function sideBySide<Parts extends readonly unknown[] | []>(
  parts: Parts,
): Promise<{ -readonly [Part in keyof Parts]: Awaited<Parts[Part]> }> {
  const settled = await Promise.allSettled(parts)
  for (const one of settled) if (one.status === 'rejected') throw one.reason
  return Promise.all(parts)
}
