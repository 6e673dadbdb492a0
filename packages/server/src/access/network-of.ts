/** An IPv6 network of 64 bits is one household or server, whatever address in it is used. @param address of a socket */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [left, right] = address.split('::', 2)
  const groups = left === '' ? [] : left!.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const between = right === undefined ? 0 : 8 - groups.length - after.length
  return [...groups, ...Array<string>(Math.max(0, between)).fill('0'), ...after].slice(0, 4).join(':')
}
