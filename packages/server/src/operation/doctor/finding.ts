/** What one check found; `advice` says what to do when it is not ok. */
export interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly found: string
  readonly advice?: string
}

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found })
export const warn = (check: string, found: string, advice: string): Finding => ({
  ...{ check, status: 'warn', found, advice },
})
export const fail = (check: string, found: string, advice: string): Finding => ({
  ...{ check, status: 'fail', found, advice },
})

/** A check that throws has found what it threw. */
export async function tried(
  check: string,
  advice: string,
  look: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [fail(check, found.split('\n')[0]!, advice)]
  }
}

export const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20).toLocaleString('en')} MiB`
