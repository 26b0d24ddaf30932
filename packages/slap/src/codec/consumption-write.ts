import { xmlText } from './xml-text.ts'

export interface ReportedMovement {
  readonly resource: string
  readonly title: string
  /** The computer, a partition or its user. */
  readonly reference: string
  readonly quantity: number
  readonly price?: number
}

export interface ReportedTransaction {
  readonly title: string
  /** `YYYY-MM-DD HH:MM:SS`, or empty. */
  readonly startDate: string
  readonly stopDate: string
  readonly reference: string
  /** `Destination`: the node measured it. `Administration`: programs of partitions said it. */
  readonly arrow: 'Destination' | 'Administration'
  readonly movements: readonly ReportedMovement[]
}

/** A usage report (TioXML journal), byte for byte as slapos.core's collector writes its own. */
export function writeConsumption(transaction: ReportedTransaction): string {
  const { title, startDate, stopDate, reference, arrow, movements } = transaction
  return [
    "<?xml version='1.0' encoding='utf-8'?><journal><transaction type=\"Sale Packing List\">",
    element('title', title),
    element('start_date', startDate),
    element('stop_date', stopDate),
    element('reference', reference),
    '<currency></currency><payment_mode></payment_mode><category></category>',
    `<arrow type="${arrow}"/>`,
    ...movements.map(writeMovement),
    '</transaction></journal>',
  ].join('')
}

const writeMovement = ({ resource, title, reference, quantity, price = 0 }: ReportedMovement): string =>
  [
    '<movement>',
    element('resource', resource),
    element('title', title),
    element('reference', reference),
    element('quantity', float(quantity)),
    element('price', float(price)),
    '<VAT></VAT><category></category></movement>',
  ].join('')

const element = (name: string, text: string): string => `<${name}>${xmlText(text)}</${name}>`

/** As Python writes a float. */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value))
