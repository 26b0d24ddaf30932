import { useText } from '../text/text.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  const t = useText()
  return (
    <Page title={t('Page not found')}>
      <Empty title={window.location.pathname}>
        <LinkButton to="/">{t('Go to the home page')}</LinkButton>
      </Empty>
    </Page>
  )
}
