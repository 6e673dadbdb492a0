import { RapportError } from '../../base/index.ts'

/** Runs `work`, whose files lie at `path`; a full disk there becomes an error that says so. */
export async function onFullDisk<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw error
    throw new RapportError('operation.disk-full', `the disk of ${path} must have room for all of it, got: ${message}`, {
      cause: error,
    })
  }
}
