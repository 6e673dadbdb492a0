import { createHash } from 'node:crypto'

/** Of secrets only this is kept: SHA-256, hexadecimal. They are random and long, so that no slow digest is needed. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex')
