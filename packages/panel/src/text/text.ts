import { useSyncExternalStore } from 'react'
import { Problem } from '../api/client.ts'
import type { catalogue } from './catalogue.ts'
import { type Refusal, translateRefusal } from './refusal.ts'
import type { refusals } from './refusals.ts'
import { createSay, createWord, type Say } from './saying.ts'

export const LANGUAGES = { en: 'English', fr: 'Français', zh: '中文' } as const
export type Language = keyof typeof LANGUAGES
export type TextKey = keyof typeof catalogue
export type Variables = Readonly<Record<string, string | number>>

const STORED = 'slapos-language'
const listeners = new Set<() => void>()
let current: Language = initial()
/** There once a language needs them; English texts are their own keys. */
let translations: typeof catalogue | undefined
let spoken: Readonly<Partial<Record<Language, Say>>> = {}
let refused: typeof refusals = {}

function initial(): Language {
  if (typeof localStorage === 'undefined') return 'en'
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages]
  const known = wanted.map((tag) => tag.slice(0, 2)).find((tag): tag is Language => tag in LANGUAGES)
  return known ?? 'en'
}

/** Fetches the texts of a language, by default of the present one. Without them English is shown. */
export async function loadTexts(language: Language = current): Promise<void> {
  if (language === 'en' || translations) return
  const [{ catalogue }, { sayings }, { refusals }] = await Promise.all([
    import('./catalogue.ts'),
    import('./sayings.ts'),
    import('./refusals.ts'),
  ])
  translations = catalogue
  refused = refusals
  const of = (index: 0 | 1) => Object.entries(sayings).map(([english, texts]) => [english, texts[index]] as const)
  spoken = { fr: createSay(of(0), (text) => inWords('fr', text)), zh: createSay(of(1), (text) => inWords('zh', text)) }
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
  const language = useLanguage()
  return (word) => inWords(language, word)
}

/** Sentences of the Master (reasons, "Why?"), in the language of the reader as far as they are known. */
export function useSaying(): Say {
  const language = useLanguage()
  return spoken[language] ?? ((english) => english)
}

const inWords = (language: Language, text: string): string =>
  createWord((known) => (isKey(known) ? translate(language, known) : undefined))(text)

/** What failed, and what to do, in the language of now. Errors of the browser stay as they are. */
export function sayRefusal(error: unknown): Refusal {
  if (!(error instanceof Problem)) return { message: error instanceof Error ? error.message : String(error), next: '' }
  if (current === 'en') return error
  const texts = refused[error.code]
  return translateRefusal(error, texts?.[current === 'fr' ? 0 : 1], spoken[current] ?? ((english) => english))
}

/** The same for what is rendered: it follows the language. */
export function useRefusal(): (error: unknown) => Refusal {
  useLanguage()
  return sayRefusal
}
