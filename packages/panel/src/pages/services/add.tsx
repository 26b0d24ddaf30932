import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Release } from '../../api/generated/schema.ts'
import { descriptorQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Page } from '../../ui/page.tsx'
import { Loading } from '../../ui/states.tsx'
import { ReleasePicker } from '../software/release-picker.tsx'
import { RequestForm } from './request-form.tsx'

export function AddServicePage() {
  const t = useText()
  const { release: wanted } = useSearch({ from: '/shell/services/add' })
  const navigate = useNavigate({ from: '/services/add' })
  const [release, setRelease] = useState<Release | undefined>()
  // The address tells what was chosen: a reload, and who gets the link, find it chosen.
  const choose = (next: Release | undefined) => {
    setRelease(next)
    if (next?.url !== wanted) void navigate({ search: next === undefined ? {} : { release: next.url }, replace: true })
  }
  const descriptor = useQuery({ ...descriptorQuery(release?.url ?? ''), enabled: release !== undefined })
  return (
    <Page title={t('Add a service')} crumbs={[{ label: t('Services'), link: { to: '/services' } }]}>
      <ReleasePicker value={release} onChange={choose} wanted={wanted} />
      {release &&
        (descriptor.isLoading ? (
          <Loading />
        ) : (
          <RequestForm key={release.url} release={release} descriptor={descriptor.data} error={descriptor.error} />
        ))}
    </Page>
  )
}
