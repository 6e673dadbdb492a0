/**
 * How a region asks for consent. `opt-in`: nothing beyond analytics before somebody agreed. `opt-out`: allowed until
 * somebody refuses. `unknown`: treated like opt-in, the stricter of both.
 */
export type Region = 'opt-in' | 'opt-out' | 'unknown'

/** The European Economic Area with the EU, the United Kingdom and Switzerland, and what belongs to them. */
const optInCodes = new Set(
  `AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH
  GF GP MQ RE YT MF AX GI GG JE IM`.split(/\s+/),
)

/** Codes and names that shops write and no standard has. */
const otherNames: Readonly<Record<string, string>> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'channel islands': 'JE',
  eire: 'IE',
  'republic of ireland': 'IE',
  el: 'GR',
  'czech republic': 'CZ',
  deutschland: 'DE',
  österreich: 'AT',
  schweiz: 'CH',
  suisse: 'CH',
  españa: 'ES',
  italia: 'IT',
  holland: 'NL',
  'the netherlands': 'NL',
  usa: 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  rsa: 'ZA',
  korea: 'KR',
  russia: 'RU',
  turkey: 'TR',
}

const alpha3 = `AUT:AT BEL:BE BGR:BG HRV:HR CYP:CY CZE:CZ DNK:DK EST:EE FIN:FI FRA:FR DEU:DE GRC:GR HUN:HU IRL:IE ITA:IT
  LVA:LV LTU:LT LUX:LU MLT:MT NLD:NL POL:PL PRT:PT ROU:RO SVK:SK SVN:SI ESP:ES SWE:SE ISL:IS LIE:LI NOR:NO GBR:GB CHE:CH
  USA:US CAN:CA AUS:AU NZL:NZ JPN:JP BRA:BR IND:IN CHN:CN MEX:MX ARE:AE SGP:SG ISR:IL ZAF:ZA KOR:KR`

const codes = new Map<string, string>()

/** Every country's code and English name, as the platform knows them, and what shops write besides. */
function knownCodes(): ReadonlyMap<string, string> {
  if (codes.size > 0) return codes
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
  // European Union, United Nations, euro area, Outlying Oceania and the pseudo-regions are no countries.
  const noCountries = new Set(['EU', 'UN', 'EZ', 'QO', 'XA', 'XB', 'ZZ'])
  for (const first of alphabet) {
    for (const second of alphabet) {
      const letters = first + second
      const name = noCountries.has(letters) ? undefined : names.of(letters)
      // Codes that no longer stand have become others: DD is DE.
      const code = new Intl.Locale(`und-${letters}`).region
      if (name === undefined || code === undefined) continue
      codes.set(letters.toLowerCase(), code)
      codes.set(name.toLowerCase(), code)
      codes.set(name.toLowerCase().replaceAll('&', 'and'), code)
    }
  }
  for (const pair of alpha3.split(/\s+/)) codes.set(pair.slice(0, 3).toLowerCase(), pair.slice(4))
  for (const [name, code] of Object.entries(otherNames)) codes.set(name, code)
  return codes
}

/**
 * The region of a country as a shop writes it: its code, or its name.
 *
 * @example
 * regionOf('DE') // 'opt-in'
 * regionOf('united states') // 'opt-out'
 * regionOf('Atlantis') // 'unknown'
 */
export function regionOf(country: string): Region {
  const code = knownCodes().get(country.trim().toLowerCase())
  if (code === undefined) return 'unknown'
  return optInCodes.has(code) ? 'opt-in' : 'opt-out'
}
