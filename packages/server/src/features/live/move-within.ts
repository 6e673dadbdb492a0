/** Moves the numbers from … until − 1 of a list so that they begin at another place: `copyWithin` of lists takes ten times as long. */
export function moveWithin(numbers: number[], to: number, from: number, until: number): void {
  if (to < from) for (let place = from; place < until; place += 1) numbers[place - from + to] = numbers[place]!
  else for (let place = until - 1; place >= from; place -= 1) numbers[place - from + to] = numbers[place]!
}
