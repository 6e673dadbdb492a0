/** The secret of `Authorization: Bearer …`. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^bearer\s+([\w.-]+)$/i.exec(authorization ?? '')?.[1]

/** The key of a request: Basic authorisation with the key as its user, or in the body. */
export function writeKeyOf(authorization: string | undefined, body: unknown): string | undefined {
  const basic = /^basic\s+([a-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1]
  if (basic !== undefined) {
    const user = Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
    if (user !== '') return user
  }
  const inBody = (body as { writeKey?: unknown } | null | undefined)?.writeKey
  return typeof inBody === 'string' ? inBody : undefined
}

export const sessionCookie = 'rapport_session'

/** The secret of a session, from the header of cookies. */
export function sessionOf(cookies: string | undefined): string | undefined {
  for (const part of cookies?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2)
    if (name === sessionCookie) return value
  }
  return undefined
}
