import { hasAddressInHash } from './circumstances.ts'

export type PageTracking = 'none' | 'first' | 'all'

const addressNow = (): string =>
  location.pathname + location.search + (hasAddressInHash(location.hash) ? location.hash : '')

/** A page that the browser loads ahead counts when somebody looks at it. */
function whenLookedAt(then: () => void): void {
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', then, { once: true })
  } else then()
}

/**
 * Calls `onPage` for this page and, with `all`, for every address that the page gives itself afterwards.
 *
 * Routers change the address first and the title a little later, so the call waits for the next task. An address that
 * is set again, and a hash that only scrolls, are no new page.
 *
 * @param onPage takes the address before this one, undefined for the first
 */
export function watchPages(tracking: PageTracking, onPage: (previousUrl: string | undefined) => void): void {
  if (tracking === 'none') return
  whenLookedAt(() => onPage(undefined))
  if (tracking !== 'all') return

  let address = addressNow()
  let url = location.href
  const look = (): void => {
    if (addressNow() === address) return
    const previous = url
    address = addressNow()
    url = location.href
    setTimeout(() => onPage(previous))
  }
  for (const name of ['pushState', 'replaceState'] as const) {
    const change = history[name]
    history[name] = function (this: History, ...given) {
      change.apply(this, given)
      look()
    }
  }
  addEventListener('popstate', look)
  addEventListener('hashchange', look)
}
