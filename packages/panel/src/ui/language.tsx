import { NativeSelect } from '@mantine/core'
import { LANGUAGES, type Language, setLanguage, useLanguage, useText } from '../text/text.ts'

const known = (value: string): value is Language => value in LANGUAGES

export function LanguageSelect() {
  const t = useText()
  const language = useLanguage()
  return (
    <NativeSelect
      aria-label={t('Language')}
      value={language}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      onChange={({ currentTarget: { value } }) => known(value) && setLanguage(value)}
    />
  )
}
