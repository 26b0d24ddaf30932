import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Service } from '../../api/generated/schema.ts'
import { installationsQuery, processesQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { LinkButton } from '../../ui/link-button.tsx'

/** What a change does, said before it is saved. */
export function Effect({ service, releaseUrl }: { readonly service: Service; readonly releaseUrl: string }) {
  const t = useText()
  const { computer, computerTitle } = service
  const server = computerTitle ?? computer ?? ''
  const processes = useInfiniteQuery({
    ...processesQuery({ service: service.reference }, 500),
    enabled: computer !== null,
  })
  const count =
    processes.data?.pages.flatMap(({ items }) => items).filter(({ state }) => state === 'RUNNING').length ?? 0
  return (
    <ul className="effect">
      {computer === null ? (
        <li>{t('It has no place yet: it gets one with these values.')}</li>
      ) : service.desired === 'stopped' ? (
        <li>{t('It is stopped: this counts when it is started.')}</li>
      ) : service.shared ? (
        <li>{t('Its host on {server} serves it anew; the others that it serves are not touched.', { server })}</li>
      ) : (
        <li>
          {t(
            '{server} applies it at once: of its {count} processes, those whose files or command change are restarted.',
            {
              server,
              count,
            },
          )}
        </li>
      )}
      {service.instances.length > 1 && (
        <li>
          {t('What it requests itself ({count} instances) may change, too.', { count: service.instances.length - 1 })}
        </li>
      )}
      {service.dependents.length > 0 && (
        <li>
          {t('These depend on it:')} {service.dependents.map(({ title }) => title).join(', ')}
        </li>
      )}
      {computer !== null && releaseUrl !== service.releaseUrl && (
        <OtherRelease computer={computer} server={server} url={releaseUrl} />
      )}
    </ul>
  )
}

/** Whether the server has the release that is changed to. */
function OtherRelease({ computer, server, url }: { computer: string; server: string; url: string }) {
  const t = useText()
  const installations = useQuery(installationsQuery(computer))
  if (!installations.data) return null
  const found = installations.data.find((installation) => installation.url === url)
  if (found?.status.word === 'Available')
    return <li>{t('{server} has the release: it changes over now.', { server })}</li>
  return (
    <li>
      {found
        ? t('{server} is still preparing the release: the present one goes on until it is there.', { server })
        : t('{server} lacks the release: the present one goes on until it is supplied.', { server })}{' '}
      {!found && (
        <LinkButton
          to="/servers/$computer/supply"
          params={{ computer }}
          search={{ release: url }}
          variant="default"
          size="compact-xs"
        >
          {t('Supply software')}
        </LinkButton>
      )}
    </li>
  )
}
