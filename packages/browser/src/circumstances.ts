import type { Moment, Properties } from './event.ts'
import { version } from './version.ts'

/** What ad networks put on a link to know whose click it was. */
const clickIdNames = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
  'ScCid',
  'rdt_cid',
  'yclid',
] as const

/** A hash is a place on the page; only where it starts like a path does a page keep its address in it. */
export const hasAddressInHash = (hash: string): boolean => /^#[!/]/.test(hash)

/**
 * The page of a moment, after Segment's `context.page`.
 *
 * @param withAds false leaves the click ids of ad networks out of the address too: they are made to follow a person
 */
export function pageOf(moment: Moment, withAds: boolean): Properties {
  const url = new URL(moment.url)
  if (!hasAddressInHash(url.hash)) url.hash = ''
  // Deleting rewrites the whole query in another spelling, so it is done only where there is something to delete.
  if (!withAds) {
    for (const name of clickIdNames) if (url.searchParams.has(name)) url.searchParams.delete(name)
  }
  const page = { url: url.href, path: url.pathname, search: url.search, title: moment.title, referrer: moment.referrer }
  return page
}

/** `utm_source=x` as `{ source: 'x' }`; `utm_campaign` is the campaign's name. */
function campaignOf(query: URLSearchParams): Properties {
  const campaign: Record<string, string> = {}
  for (const [key, value] of query) {
    const [, field] = /^utm_(\w+)$/.exec(key) ?? []
    if (field !== undefined && value !== '') campaign[field === 'campaign' ? 'name' : field] = value
  }
  return campaign
}

function clickIdsOf(query: URLSearchParams): Properties {
  const ids: Record<string, string> = {}
  for (const name of clickIdNames) {
    const id = query.get(name)
    if (id) ids[name] = id
  }
  return ids
}

const isEmpty = (fields: Properties): boolean => Object.keys(fields).length === 0

/** What surrounded a call, after Segment's `context`; the campaign and click ids are those in the page's address. */
export function circumstancesOf(moment: Moment, withAds: boolean): Properties {
  const query = new URL(moment.url).searchParams
  const campaign = campaignOf(query)
  const clickIds = withAds ? clickIdsOf(query) : {}
  return {
    library: { name: '@rapport/browser', version },
    page: pageOf(moment, withAds),
    ...(isEmpty(campaign) ? {} : { campaign }),
    ...(isEmpty(clickIds) ? {} : { clickIds }),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    userAgent: navigator.userAgent,
  }
}
