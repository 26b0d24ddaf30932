import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Release } from '../../api/generated/schema.ts'
import { serverQuery } from '../../api/queries.ts'
import { supplyCommand } from '../../form/command-line.ts'
import { useText } from '../../text/text.ts'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { Facts, Page, Section } from '../../ui/page.tsx'
import { ReleasePicker } from '../software/release-picker.tsx'

/** Software, release, summary, proceed: on one page. */
export function SupplyPage() {
  const t = useText()
  const navigate = useNavigate()
  const { computer } = useParams({ from: '/shell/servers/$computer/supply' })
  const { release: wanted } = useSearch({ from: '/shell/servers/$computer/supply' })
  const server = useQuery(serverQuery(computer))
  const [release, setRelease] = useState<Release | undefined>()
  const choose = (next: Release | undefined) => {
    setRelease(next)
    if (next?.url !== wanted)
      void navigate({
        to: '/servers/$computer/supply',
        params: { computer },
        search: next === undefined ? {} : { release: next.url },
        replace: true,
      })
  }
  const supply = useMutation({
    mutationFn: (url: string) =>
      answer(api.POST('/api/v1/servers/{computer}/installations', { params: { path: { computer } }, body: { url } })),
    onSuccess: ({ id }) => navigate({ to: '/servers/$computer/software/$id', params: { computer, id } }),
  })
  const title = server.data?.title ?? computer
  return (
    <Page
      title={t('Supply software')}
      crumbs={[
        { label: t('Servers'), link: { to: '/servers' } },
        { label: title, link: { to: '/servers/$computer', params: { computer } } },
      ]}
    >
      <ReleasePicker value={release} onChange={choose} wanted={wanted} />
      {release && (
        <Section title={t('Summary')}>
          <Facts
            facts={[
              [t('Software'), release.productTitle],
              [t('Release'), release.version || '–'],
              [t('URL'), <code key="url">{release.url}</code>],
              [t('Server'), `${title} (${computer})`],
            ]}
          />
          <InAShell commands={[supplyCommand(release.url, computer)]} />
          <div className="row">
            <Button loading={supply.isPending} onClick={() => supply.mutate(release.url)}>
              {t('Proceed')}
            </Button>
          </div>
        </Section>
      )}
    </Page>
  )
}
