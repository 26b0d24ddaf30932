import { messageOf } from '@slapos/base'
import { SaxesParser } from 'saxes'
import { slapErrors } from '../errors.ts'

/** What a usage report (TioXML journal) says; the document itself is what is kept. */
export interface ConsumptionTransaction {
  readonly title: string
  readonly startDate: string
  readonly stopDate: string
  readonly reference: string
  readonly movements: readonly ConsumptionMovement[]
}

export interface ConsumptionMovement {
  readonly resource: string
  /** What it was consumed by: the computer, a partition, its user or its instance. Empty when it was not said. */
  readonly reference: string
  readonly quantity: number
  readonly price: number
}

type Count = 'one' | 'maybe' | 'any' | 'some'

/** Children of each element in their order, as existing Masters enforce it; what is not here holds text only. */
const CHILDREN: Readonly<Record<string, readonly (readonly [element: string, count: Count])[]>> = {
  journal: [['transaction', 'some']],
  consumption: [['movement', 'some']],
  transaction: [
    ['title', 'maybe'],
    ['start_date', 'one'],
    ['stop_date', 'one'],
    ['reference', 'one'],
    ['currency', 'one'],
    ['payment_mode', 'one'],
    ['category', 'any'],
    ['arrow', 'some'],
    ['movement', 'some'],
  ],
  arrow: [
    ['source', 'maybe'],
    ['destination', 'maybe'],
  ],
  movement: [
    ['resource', 'one'],
    ['title', 'maybe'],
    ['reference', 'maybe'],
    ['quantity', 'one'],
    ['price', 'one'],
    ['VAT', 'one'],
    ['category', 'any'],
  ],
}
const TYPED = new Set(['transaction', 'arrow'])

export interface ConsumptionLimits {
  /** UTF-8 bytes of the document. */
  readonly bytes: number
  readonly movements: number
}

const LIMITS: ConsumptionLimits = { bytes: 1_000_000, movements: 10_000 }

interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
  /** Where its children are in the order. */
  place: number
}

/** Reads a usage report, strictly: no DOCTYPE, known elements in their order. Throws CONSUMPTION_INVALID. */
export function readConsumption(
  text: string,
  limits: Partial<ConsumptionLimits> = {},
): readonly ConsumptionTransaction[] {
  return parse(text, 'journal', limits).children.map((transaction) => ({
    title: textOf(transaction, 'title'),
    startDate: textOf(transaction, 'start_date'),
    stopDate: textOf(transaction, 'stop_date'),
    reference: textOf(transaction, 'reference'),
    movements: transaction.children.filter(({ name }) => name === 'movement').map(movementOf),
  }))
}

/** A movement as the program of a partition reports it. */
export interface PartitionMovement extends ConsumptionMovement {
  readonly title: string
}

/** Reads what a program of a partition reports of its usage (`<consumption>`), as strictly. */
export function readPartitionConsumption(
  text: string,
  limits: Partial<ConsumptionLimits> = {},
): readonly PartitionMovement[] {
  return parse(text, 'consumption', limits).children.map((movement) => ({
    ...movementOf(movement),
    title: textOf(movement, 'title'),
  }))
}

function parse(text: string, rootName: 'journal' | 'consumption', limits: Partial<ConsumptionLimits>): Element {
  const { bytes, movements: mostMovements } = { ...LIMITS, ...limits }
  if (Buffer.byteLength(text) > bytes) throw invalid(`it is larger than ${bytes} bytes`)
  const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true, position: false })
  const stack: Element[] = []
  let root: Element | undefined
  let movements = 0
  const characters = (part: string) => {
    const top = stack.at(-1)
    if (top !== undefined && !(top.name in CHILDREN)) top.text += part
    else if (part.trim() !== '') throw invalid(`there is text in <${top?.name ?? ''}>`)
  }
  parser.on('error', (error) => {
    throw invalid(error.message)
  })
  parser.on('doctype', () => {
    throw invalid('a DOCTYPE is not allowed')
  })
  parser.on('opentag', ({ name, attributes }) => {
    const parent = stack.at(-1)
    if (parent === undefined && name !== rootName) throw invalid(`it begins with <${name}>, not with <${rootName}>`)
    if (parent !== undefined) enter(parent, name)
    checkAttributes(name, attributes)
    if (name === 'movement' && ++movements > mostMovements) throw invalid(`it has over ${mostMovements} movements`)
    const element: Element = { name, children: [], text: '', place: 0 }
    parent?.children.push(element)
    root ??= element
    stack.push(element)
  })
  parser.on('closetag', () => {
    const element = stack.pop()
    if (element !== undefined) leave(element)
  })
  parser.on('text', characters)
  parser.on('cdata', characters)
  try {
    parser.write(text).close()
  } catch (error) {
    throw error instanceof Error && error.name === 'SlapError' ? error : invalid(messageOf(error))
  }
  if (root === undefined) throw invalid('it is empty')
  return root
}

/** Moves the parent to the child's place in the order. */
function enter(parent: Element, name: string): void {
  const order = CHILDREN[parent.name] ?? []
  for (let place = parent.place; place < order.length; place += 1) {
    const [expected, count] = order[place] ?? ['', 'any']
    const here = parent.children.filter((child) => child.name === expected).length
    if (expected === name && (here === 0 || count === 'any' || count === 'some')) {
      parent.place = place
      return
    }
    if (here === 0 && (count === 'one' || count === 'some')) {
      throw invalid(`<${parent.name}> holds <${name}> where <${expected}> is expected`)
    }
  }
  throw invalid(`<${name}> has no place there in <${parent.name}>`)
}

function leave({ name, children }: Element): void {
  for (const [expected, count] of CHILDREN[name] ?? []) {
    const needed = count === 'one' || count === 'some'
    if (needed && !children.some((child) => child.name === expected)) throw invalid(`<${name}> lacks <${expected}>`)
  }
}

function checkAttributes(name: string, attributes: Readonly<Record<string, string>>): void {
  for (const attribute of Object.keys(attributes)) {
    if (attribute !== 'type' || !TYPED.has(name)) throw invalid(`<${name}> has the attribute ${attribute}`)
  }
  if (TYPED.has(name) && attributes['type'] === undefined) throw invalid(`<${name}> lacks the attribute type`)
  if (name === 'transaction' && attributes['type'] !== 'Sale Packing List') {
    throw invalid('the type of a <transaction> is "Sale Packing List"')
  }
}

function movementOf(movement: Element): ConsumptionMovement {
  return {
    resource: textOf(movement, 'resource'),
    reference: textOf(movement, 'reference').trim(),
    quantity: numberOf(movement, 'quantity'),
    price: numberOf(movement, 'price'),
  }
}

const textOf = (element: Element, name: string): string =>
  element.children.find((child) => child.name === name)?.text ?? ''

function numberOf(element: Element, name: string): number {
  const text = textOf(element, name).trim()
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(Number(text))) {
    throw invalid(`<${name}> is not a number: ${JSON.stringify(text.slice(0, 40))}`)
  }
  return Number(text)
}

const invalid = (reason: string) => slapErrors.CONSUMPTION_INVALID({ reason })
