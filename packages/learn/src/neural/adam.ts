/**
 * An Adam optimiser: each parameter has a step of its own, from means of its slope and of its slope's square.
 *
 * @param learningRate above 0
 * @returns a function that moves the parameters one step down, in place
 *
 * Source: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1, in the order of its §2.
 */
export function adam(learningRate: number, length: number): (parameters: Float64Array, gradient: Float64Array) => void {
  const means = new Float64Array(length)
  const squares = new Float64Array(length)
  let steps = 0
  return (parameters, gradient) => {
    steps += 1
    const rate = (learningRate * Math.sqrt(1 - squareDecay ** steps)) / (1 - meanDecay ** steps)
    for (let at = 0; at < length; at += 1) {
      const slope = gradient[at]!
      means[at] = meanDecay * means[at]! + (1 - meanDecay) * slope
      squares[at] = squareDecay * squares[at]! + (1 - squareDecay) * slope * slope
      parameters[at]! -= (rate * means[at]!) / (Math.sqrt(squares[at]!) + tiny)
    }
  }
}

const meanDecay = 0.9
const squareDecay = 0.999
const tiny = 1e-8
