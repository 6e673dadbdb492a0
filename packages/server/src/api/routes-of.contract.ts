import type { FastifyInstance } from 'fastify'

/** Every method and path that the router answers, as it prints them itself, in the document's writing. */
export function routesOf(server: FastifyInstance): string[] {
  const parts: string[] = []
  const routes: string[] = []
  for (const line of server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, text, methods] = /^([\s│]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (indent === undefined || text === undefined) continue
    parts.length = indent.length / 4
    parts.push(text)
    const path = parts.join('').replace(/:(\w+)/g, '{$1}')
    // It prints a wildcard without what stands before it.
    if (path.includes('*')) continue
    // Fastify answers HEAD wherever it answers GET.
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') routes.push(`${method} ${path}`)
  }
  return [...new Set(routes)].sort()
}
