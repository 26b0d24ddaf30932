import type { SoftwareForm } from '../api/generated/schema.ts'
import { fromWire, type TextMap, toWire } from './wire.ts'

/** The same values for another form: written as that one wants them. What cannot be read stays as it is, to be mended. */
export function forOtherForm(values: TextMap, from: SoftwareForm | undefined, to: SoftwareForm | undefined): TextMap {
  if (!to || Object.keys(values).length === 0) return values
  try {
    const data = fromWire(values, from?.serialisation ?? 'xml', from?.request)
    return Object.keys(data).length === 0 ? {} : toWire(data, to.serialisation)
  } catch {
    return values
  }
}

/** Forms by what a person tells them apart by: the title, what makes a slave, and the id where titles are the same. */
export function formLabels(forms: readonly SoftwareForm[], slave: string): readonly string[] {
  const titles = forms.map(({ title, shared }) => (shared && !/slave/i.test(title) ? `${title} ${slave}` : title))
  return titles.map((title, index) =>
    titles.indexOf(title) === titles.lastIndexOf(title) ? title : `${title} (${forms[index]?.id})`,
  )
}
