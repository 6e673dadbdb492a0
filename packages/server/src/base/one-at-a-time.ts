/**
 * Runs steps one after another, in the order in which they were asked for, whatever becomes of the one before.
 *
 * @returns a function that puts a step in its turn, and resolves as the step does
 */
export function oneAtATime(): <Result>(step: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (step) => {
    const turn = last.then(step)
    last = turn.catch(() => undefined)
    return turn
  }
}
