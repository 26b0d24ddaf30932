import { say } from '../text/text.ts'
import { type TextMap, WireProblem } from './wire.ts'

/** `<instance><parameter id="key">text</parameter></instance>`, as the tutorial shows it. */
export function toInstanceXml(parameters: TextMap): string {
  const lines = Object.entries(parameters).map(
    ([key, value]) => `  <parameter id="${escapeXml(key).replaceAll('"', '&quot;')}">${escapeXml(value)}</parameter>`,
  )
  return ['<?xml version="1.0" encoding="utf-8"?>', '<instance>', ...lines, '</instance>'].join('\n')
}

export function fromInstanceXml(xml: string): TextMap {
  if (xml.trim() === '') return {}
  const document = new DOMParser().parseFromString(xml, 'application/xml')
  const broken = document.querySelector('parsererror')
  if (broken) {
    const reason = (broken.textContent ?? '').split('\n').slice(0, 2).join(' ').trim()
    throw new WireProblem(say('This is not XML: {reason}', { reason }))
  }
  if (document.documentElement.tagName !== 'instance')
    throw new WireProblem(say('The outer element must be <instance>.'))
  const found: Record<string, string> = {}
  for (const element of document.documentElement.children) {
    const id = element.getAttribute('id')
    if (element.tagName !== 'parameter' || id === null) {
      throw new WireProblem(say('Only <parameter id="..."> may stand in <instance>.'))
    }
    found[id] = element.textContent ?? ''
  }
  return found
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
