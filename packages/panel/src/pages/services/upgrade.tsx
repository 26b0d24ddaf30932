import { Button } from '@mantine/core'
import type { Service } from '../../api/generated/schema.ts'
import { requestCommand } from '../../form/command-line.ts'
import { Difference } from '../../form/difference.tsx'
import { useText } from '../../text/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { Effect } from './effect.tsx'
import { useSaveService } from './save-service.ts'

/** Requests the same service with another release. */
export function Upgrade({
  service,
  to,
  close,
}: {
  readonly service: Service
  readonly to: { readonly url: string; readonly version: string }
  readonly close: () => void
}) {
  const t = useText()
  const save = useSaveService(service, close)
  return (
    <Dialog opened onClose={close} title={t('Upgrade to {version}', { version: to.version })} size={560}>
      <div className="stack">
        <p>{t('Parameters and data stay.')}</p>
        <Difference
          before={`${service.product} ${service.version}\n${service.releaseUrl}`}
          after={`${service.product} ${to.version}\n${to.url}`}
        />
        <Effect service={service} releaseUrl={to.url} />
        <InAShell commands={[requestCommand({ ...service, releaseUrl: to.url, state: service.desired })]} />
        <div className="row">
          <Button loading={save.isPending} onClick={() => save.mutate({ releaseUrl: to.url })}>
            {t('Upgrade')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('Cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
