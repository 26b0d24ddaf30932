import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { auditQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { AuditLines } from '../ui/audit.tsx'
import { PagedList } from '../ui/list.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

export function ActivityPage() {
  const t = useText()
  const navigate = useNavigate({ from: '/activity' })
  const search = useSearch({ from: '/shell/activity' })
  const audit = useInfiniteQuery(auditQuery(search))
  return (
    <Page title={t('Activity')}>
      <PagedList
        query={audit}
        state={search}
        colors={false}
        onState={(next) => void navigate({ search: next, replace: true })}
        empty={<Empty title={t('Nothing happened yet')} />}
      >
        {(rows) => <AuditLines items={rows} />}
      </PagedList>
    </Page>
  )
}
