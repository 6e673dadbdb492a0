import { littleEndian, Message } from './protobuf.ts'

/** The numbers that ONNX gives its types of tensors. */
export const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const

export type ElementType = keyof typeof elementTypes

/** An attribute of a node. Whole numbers and floats look alike in JavaScript, so lists and floats say what they are. */
export type Attribute = number | string | readonly string[] | { readonly ints: readonly number[] } | Float32Array

/** A graph that grows node by node; a value is known by the name that its node gave it. */
export class OnnxGraph {
  readonly #nodes: Message[] = []
  readonly #constants: Message[] = []
  readonly #inputs: Message[] = []
  readonly #outputs: Message[] = []
  #named = 0

  /** An input `[n × columns]`. */
  input(name: string, type: ElementType, columns: number): string {
    this.#inputs.push(tensorNamed(name, type, columns))
    return name
  }

  /** Makes a value an output `[n × columns]` under a name of its own, as `type`. */
  output(name: string, value: string, type: ElementType, columns: number): void {
    this.#node('Cast', [value], name, { to: elementTypes[type] }, '')
    this.#outputs.push(tensorNamed(name, type, columns))
  }

  /** A tensor of doubles that is part of the model; without a shape a list. */
  doubles(values: ArrayLike<number>, shape: readonly number[] = [values.length]): string {
    const raw = littleEndian(Float64Array.from(values))
    return this.#constant(new Message().ints(1, shape).int(2, elementTypes.double).bytes(9, raw))
  }

  /** A list of whole numbers, such as axes and indices. */
  ints(values: readonly number[]): string {
    return this.#constant(new Message().ints(1, [values.length]).int(2, elementTypes.int64).ints(7, values))
  }

  /** Adds a node with one output. @returns the output's name */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.#node(operator, inputs, this.#name(), attributes, '')
  }

  /** The same for operators of the domain of classical machine learning. */
  learned(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>): string {
    return this.#node(operator, inputs, this.#name(), attributes, 'ai.onnx.ml')
  }

  /** A value as another type. */
  cast(value: string, to: ElementType): string {
    return this.node('Cast', [value], { to: elementTypes[to] })
  }

  /** Columns of a value, in the given order. */
  columns(value: string, indices: readonly number[]): string {
    return this.node('Gather', [value, this.ints(indices)], { axis: 1 })
  }

  /** Values side by side. */
  joined(values: readonly string[]): string {
    return values.length === 1 ? values[0]! : this.node('Concat', values, { axis: 1 })
  }

  /** The whole model as the bytes of an .onnx file: operators of version 17, machine learning's of version 3. */
  encoded(): Uint8Array {
    const graph = new Message()
    for (const node of this.#nodes) graph.message(1, node)
    graph.text(2, 'rapport')
    for (const constant of this.#constants) graph.message(5, constant)
    for (const input of this.#inputs) graph.message(11, input)
    for (const output of this.#outputs) graph.message(12, output)
    return new Message()
      .int(1, 8)
      .text(2, 'rapport')
      .message(7, graph)
      .message(8, new Message().text(1, '').int(2, 17))
      .message(8, new Message().text(1, 'ai.onnx.ml').int(2, 3))
      .encoded()
  }

  #node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>>,
    domain: string,
  ): string {
    const node = new Message()
    for (const input of inputs) node.text(1, input)
    node.text(2, output).text(4, operator)
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeOf(name, value))
    if (domain !== '') node.text(7, domain)
    this.#nodes.push(node)
    return output
  }

  #constant(tensor: Message): string {
    const name = this.#name()
    this.#constants.push(tensor.text(8, name))
    return name
  }

  #name(): string {
    this.#named += 1
    return `value ${this.#named}`
  }
}

function attributeOf(name: string, value: Attribute): Message {
  const attribute = new Message().text(1, name)
  if (typeof value === 'number') return attribute.int(3, value).int(20, 2)
  if (typeof value === 'string') return attribute.text(4, value).int(20, 3)
  if (value instanceof Float32Array) return attribute.floats(7, value).int(20, 6)
  if ('ints' in value) return attribute.ints(8, value.ints).int(20, 7)
  for (const text of value) attribute.text(9, text)
  return attribute.int(20, 8)
}

/** A tensor's name, type and shape; the number of rows is whatever comes. */
function tensorNamed(name: string, type: ElementType, columns: number): Message {
  const shape = new Message().message(1, new Message().text(2, 'n')).message(1, new Message().int(1, columns))
  const tensor = new Message().int(1, elementTypes[type]).message(2, shape)
  return new Message().text(1, name).message(2, new Message().message(1, tensor))
}
