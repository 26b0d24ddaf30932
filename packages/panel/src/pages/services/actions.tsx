import { Button } from '@mantine/core'
import { IconArrowUp, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Service } from '../../api/generated/schema.ts'
import { requestCommand } from '../../form/command-line.ts'
import { useText } from '../../text/text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { tell } from '../../ui/tell.ts'
import { useSaveService } from './save-service.ts'
import { Upgrade } from './upgrade.tsx'

const LACKING = /\b(COMP-\d+) lacks\b/

export function ServiceActions({ service }: { readonly service: Service }) {
  const t = useText()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'destroy' | 'upgrade' | undefined>()
  const save = useSaveService(service)
  const destroy = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/services/{reference}/destroy', {
          params: { path: { reference: service.reference } },
          body: { title: service.title },
        }),
      ),
    onSuccess: async () => {
      tell.done(t('The service is being destroyed'))
      await navigate({ to: '/services' })
    },
  })
  if (service.desired === 'destroyed') return null
  // The one thing that it waits for, as the Master says it.
  const lacking = service.shared || service.computer !== null ? undefined : LACKING.exec(service.status.reason)?.[1]
  return (
    <>
      {lacking !== undefined && (
        <LinkButton
          to="/servers/$computer/supply"
          params={{ computer: lacking }}
          search={{ release: service.releaseUrl }}
        >
          {t('Supply its release to {server}', { server: lacking })}
        </LinkButton>
      )}
      {service.upgrade && (
        <Button variant="default" leftSection={<IconArrowUp size={15} />} onClick={() => setAsking('upgrade')}>
          {t('Upgrade to {version}', { version: service.upgrade.version })}
        </Button>
      )}
      {service.desired === 'started' ? (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} />}
          loading={save.isPending}
          onClick={() => save.mutate({ state: 'stopped' })}
        >
          {t('Stop')}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={15} />}
          loading={save.isPending}
          onClick={() => save.mutate({ state: 'started' })}
        >
          {t('Start')}
        </Button>
      )}
      <Button variant="default" leftSection={<IconTrash size={15} />} onClick={() => setAsking('destroy')}>
        {t('Destroy')}
      </Button>
      {asking === 'upgrade' && service.upgrade && (
        <Upgrade service={service} to={service.upgrade} close={() => setAsking(undefined)} />
      )}
      {asking === 'destroy' && (
        <Confirm
          title={t('Destroy {title}', { title: service.title })}
          word={service.title}
          action={t('Destroy')}
          pending={destroy.isPending}
          close={() => setAsking(undefined)}
          confirm={() => destroy.mutate()}
        >
          <p>
            {t('Its {count} instances and all their data are removed. This cannot be undone.', {
              count: service.instances.length,
            })}
          </p>
          {service.dependents.length > 0 && (
            <p>
              {t('These depend on it and stop working:')} {service.dependents.map((item) => item.title).join(', ')}
            </p>
          )}
          <InAShell commands={[requestCommand({ ...service, parameters: {}, filter: {}, state: 'destroyed' })]} />
        </Confirm>
      )}
    </>
  )
}
