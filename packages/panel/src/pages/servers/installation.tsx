import { Button, Progress } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Installation } from '../../api/generated/schema.ts'
import { installationQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Reference } from '../../ui/copy.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { LogView } from '../../ui/log-view.tsx'
import { Facts, Page, Section } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import { StatusLine } from '../../ui/status.tsx'
import { tell } from '../../ui/tell.ts'
import { useElapsed } from '../../ui/time.ts'

/** A release on a server: its build, live. */
export function InstallationPage() {
  const t = useText()
  const { computer, id } = useParams({ from: '/shell/servers/$computer/software/$id' })
  const installation = useQuery(installationQuery(computer, id))
  const data = installation.data
  return (
    <Page
      title={data ? `${data.product} ${data.version}` : t('Software release')}
      crumbs={[
        { label: t('Servers'), link: { to: '/servers' } },
        { label: data?.computerTitle ?? computer, link: { to: '/servers/$computer', params: { computer } } },
      ]}
      under={data && <StatusLine status={data.status} />}
      actions={data && <Actions installation={data} />}
    >
      <Loaded query={installation}>
        {(found) => (
          <>
            <Build installation={found} />
            <Facts
              facts={[
                [t('URL'), <Reference key="url" value={found.url} />],
                [t('Folder on the server'), <Reference key="id" value={found.id} />],
                [t('Instances'), found.usage],
              ]}
            />
            {found.error !== '' && (
              <Section title={t('Last error')}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
                <pre className="error-text" tabIndex={0}>
                  {found.error}
                </pre>
              </Section>
            )}
            <Section title={t('Build log')}>
              <LogView computer={computer} source={`software/${id}`} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Build({ installation }: { readonly installation: Installation }) {
  const t = useText()
  const elapsed = useElapsed()
  if (installation.status.color !== 'blue') return null
  const { step, steps, phase, status } = installation
  return (
    <div className="card stack" role="status">
      <div className="spread">
        <b>{phase === '' ? t('Waiting for the server') : phase}</b>
        <span className="dim">
          {steps > 0 && t('step {step} of {steps}', { step, steps })}
          {status.since !== null && ` · ${elapsed(status.since)}`}
        </span>
      </div>
      <Progress
        aria-label={t('Progress')}
        value={steps > 0 ? Math.max(3, (100 * (step - 1)) / steps) : 100}
        animated
        color="blue"
        size="sm"
      />
    </div>
  )
}

function Actions({ installation }: { readonly installation: Installation }) {
  const t = useText()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const { computer, id, url } = installation
  const rebuild = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/servers/{computer}/commands', {
          params: { path: { computer } },
          body: { name: 'rebuild', url },
        }),
      ),
    onSuccess: () => tell.done(t('Sent. The server does it now.')),
  })
  const remove = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/v1/servers/{computer}/installations/{id}', { params: { path: { computer, id } } })),
    onSuccess: () => navigate({ to: '/servers/$computer', params: { computer } }),
  })
  return (
    <>
      {installation.error !== '' && (
        <Button variant="default" loading={rebuild.isPending} onClick={() => rebuild.mutate()}>
          {t('Rebuild now')}
        </Button>
      )}
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('Remove')}
      </Button>
      <LinkButton to="/services/add" search={{ release: url }}>
        {t('Request a service')}
      </LinkButton>
      {asking && (
        <Confirm
          title={t('Remove this release from the server')}
          word={installation.product}
          action={t('Remove')}
          pending={remove.isPending}
          close={() => setAsking(false)}
          confirm={() => remove.mutate()}
        >
          {t('Instances that use it on this server: {count}', { count: installation.usage })}
        </Confirm>
      )}
    </>
  )
}
