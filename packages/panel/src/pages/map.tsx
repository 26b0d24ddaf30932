import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Topology } from '../api/generated/schema.ts'
import { topologyQuery } from '../api/queries.ts'
import { useSaying, useText, useWord } from '../text/text.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { StatusPill, ToneIcon } from '../ui/status.tsx'
import { TONES } from '../ui/tones.ts'
import classes from './map.module.css'

/** Servers as boxes, what runs on them inside: the whole cloud at a glance. */
export function MapPage() {
  const t = useText()
  const topology = useQuery(topologyQuery)
  return (
    <Page title={t('Map')}>
      <Loaded query={topology}>
        {({ servers, services, truncated }) =>
          servers.length === 0 ? (
            <Empty title={t('No server yet')}>
              <LinkButton to="/servers" search={{ add: true }}>
                {t('Add a server')}
              </LinkButton>
            </Empty>
          ) : (
            <>
              <div className={classes.map}>
                {servers.toSorted(worstFirst).map((server) => (
                  <ServerBox
                    key={server.computer}
                    server={server}
                    services={services.filter(({ computer }) => computer === server.computer)}
                  />
                ))}
              </div>
              <p className="dim">{t('No private network joins these servers.')}</p>
              {truncated && <p className="dim">{t('Only a part is shown.')}</p>}
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

type Located = Topology['servers'][number]

const RANK = new Map(TONES.map(({ color }, index) => [color, index]))
const worstFirst = (a: Located, b: Located) => (RANK.get(a.status.color) ?? 0) - (RANK.get(b.status.color) ?? 0)

function ServerBox({ server, services }: { readonly server: Located; readonly services: Topology['services'] }) {
  const t = useText()
  const say = useSaying()
  const word = useWord()
  const { computer, title, status, sharedBy, partitions, busy } = server
  const reason = say(status.reason)
  return (
    <section className={classes.server} aria-label={title}>
      <header className={classes.head}>
        {sharedBy === null ? (
          <Link to="/servers/$computer" params={{ computer }} className={classes.title}>
            {title}
          </Link>
        ) : (
          <span className={classes.title}>{title}</span>
        )}
        <StatusPill status={status} />
      </header>
      {reason !== '' && <p className="dim small">{reason}</p>}
      <p className="faint mono">
        {computer} {server.address}
      </p>
      {sharedBy !== null && <p className="dim small">{t('shared by {project}', { project: sharedBy })}</p>}
      <div className={classes.meter}>
        {partitions > 0 && partitions <= MOST_CELLS && (
          <span className={classes.cells} aria-hidden>
            {Array.from({ length: partitions }, (_, cell) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
              <i key={cell} data-busy={cell < busy || undefined} />
            ))}
          </span>
        )}
        <span className="dim small">{t('{busy} of {count} partitions in use', { busy, count: partitions })}</span>
      </div>
      <ul className={classes.services}>
        {services.map((service) => (
          <li key={service.reference}>
            <Link
              to="/services/$reference"
              params={{ reference: service.reference }}
              className={classes.service}
              data-tone={service.status.color}
              title={[word(service.status.word), say(service.status.reason)].filter(Boolean).join(' · ')}
            >
              <ToneIcon color={service.status.color} />
              <span className={classes.name}>{service.title}</span>
              {service.instances > 1 && <span className="faint">×{service.instances}</span>}
              <span className={classes.word}>{word(service.status.word)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** More partitions than this are told as numbers only. */
const MOST_CELLS = 60
