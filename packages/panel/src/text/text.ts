import { useSyncExternalStore } from 'react'
import type { catalogue } from './catalogue.ts'

export const LANGUAGES = { en: 'English', fr: 'Français', zh: '中文' } as const
export type Language = keyof typeof LANGUAGES
export type TextKey = keyof typeof catalogue
export type Variables = Readonly<Record<string, string | number>>

const STORED = 'slapos-language'
const listeners = new Set<() => void>()
let current: Language = initial()
/** There once a language needs them; English texts are their own keys. */
let translations: typeof catalogue | undefined

function initial(): Language {
  if (typeof localStorage === 'undefined') return 'en'
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages]
  const known = wanted.map((tag) => tag.slice(0, 2)).find((tag): tag is Language => tag in LANGUAGES)
  return known ?? 'en'
}

/** Fetches the texts of a language, by default of the present one. Without them English is shown. */
export async function loadTexts(language: Language = current): Promise<void> {
  if (language !== 'en') translations ??= (await import('./catalogue.ts')).catalogue
}

export async function setLanguage(language: Language): Promise<void> {
  await loadTexts(language)
  current = language
  localStorage.setItem(STORED, language)
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

function translate(language: Language, key: TextKey, variables: Variables = {}): string {
  const text = language === 'en' || !translations ? key : translations[key][language === 'fr' ? 0 : 1]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(variables[name] ?? whole))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export type Translate = (key: TextKey, variables?: Variables) => string

export function useText(): Translate {
  const language = useLanguage()
  return (key, variables) => translate(language, key, variables)
}

/** In the language of now, where no component renders. */
export const say: Translate = (key, variables) => translate(current, key, variables)

const isKey = (text: string): text is TextKey => translations !== undefined && Object.hasOwn(translations, text)

/** Words that come from the Master (`running`, `stopped`...): translated when known, shown as they are otherwise. */
export function useWord(): (word: string) => string {
  const t = useText()
  return (word) => (isKey(word) ? t(word) : word)
}
