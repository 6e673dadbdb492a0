/** Where short texts are kept under short names. */
export interface Store {
  read(name: string): string | undefined
  /** An empty text removes it. */
  write(name: string, text: string): void
}

export type StoreKind = 'cookie' | 'localStorage' | 'memory'

const prefix = 'rapport_'

export function memoryStore(): Store {
  const texts = new Map<string, string>()
  return {
    read: (name) => texts.get(name),
    write: (name, text) => {
      if (text === '') texts.delete(name)
      else texts.set(name, text)
    },
  }
}

const localStore: Store = {
  read: (name) => localStorage.getItem(prefix + name) ?? undefined,
  write: (name, text) => {
    if (text === '') localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, text)
  },
}

const readCookie = (name: string): string | undefined => {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${prefix + name}=`))
  try {
    return found === undefined ? undefined : decodeURIComponent(found.slice(prefix.length + name.length + 1))
  } catch {
    return undefined // somebody else's cookie of the same name
  }
}

const writeCookie = (name: string, text: string, seconds: number, domain: string): void => {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  const where = domain === '' ? '' : `; Domain=${domain}`
  const age = text === '' ? 0 : seconds
  document.cookie = `${prefix + name}=${encodeURIComponent(text)}; Path=/; Max-Age=${age}; SameSite=Lax${where}${secure}`
}

/** The widest domain that the browser lets this page set a cookie for, so that subdomains know the same visitor. */
function widestDomain(): string {
  const labels = location.hostname.split('.')
  if (/^[\d.]+$|:/.test(location.hostname)) return ''
  for (let count = 2; count <= labels.length; count++) {
    const domain = labels.slice(-count).join('.')
    writeCookie('probe', '1', 60, domain)
    const isTaken = readCookie('probe') === '1'
    writeCookie('probe', '', 0, domain)
    if (isTaken) return domain
  }
  return ''
}

function cookieStore(days: number, domain: string): Store {
  return { read: readCookie, write: (name, text) => writeCookie(name, text, days * 86_400, domain) }
}

/** True when what is written can be read again; a browser may refuse by throwing or without a word. */
function works(store: Store): boolean {
  try {
    store.write('probe', '1')
    const isKept = store.read('probe') === '1'
    store.write('probe', '')
    return isKept
  } catch {
    return false
  }
}

/** True when localStorage can be used; some browsers throw where the visitor forbids it. */
export const canStoreLocally = (): boolean => works(localStore)

const peekLocally = (name: string): string | undefined => {
  try {
    return localStore.read(name)
  } catch {
    return undefined
  }
}

/** Asked for, or the next best that works here: a cookie, localStorage, the page's memory. */
function firstThatWorks(kind: StoreKind, days: number, domain: string | undefined): Store {
  if (kind === 'cookie') {
    const cookies = cookieStore(days, domain ?? widestDomain())
    if (works(cookies)) return cookies
  }
  return kind !== 'memory' && canStoreLocally() ? localStore : memoryStore()
}

/**
 * What outlives the page. Which store works is found out by writing, so it waits for the first write: a page that has
 * not got consent yet reads and leaves nothing behind.
 *
 * @param domain of the cookies; undefined for the widest that the browser takes
 */
export function lastingStore(kind: StoreKind, days: number, domain: string | undefined): Store {
  let opened: Store | undefined
  return {
    read: (name) => {
      if (opened !== undefined) return opened.read(name)
      if (kind === 'memory') return undefined
      return (kind === 'cookie' ? readCookie(name) : undefined) ?? peekLocally(name)
    },
    write: (name, text) => {
      opened ??= firstThatWorks(kind, days, domain)
      try {
        opened.write(name, text)
      } catch {
        // Full, or forbidden since: the page goes on with what it knows.
        opened = memoryStore()
        opened.write(name, text)
      }
    },
  }
}
