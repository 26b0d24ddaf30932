import { Link } from '@tanstack/react-router'
import { useText } from '../text/text.ts'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  const t = useText()
  return (
    <Empty title={t('There is no such page')}>
      <Link to="/">{t('Go to the home page')}</Link>
    </Empty>
  )
}
