import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { topologyQuery } from '../api/queries.ts'
import { useSaying, useText, useWord } from '../text/text.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { StatusPill } from '../ui/status.tsx'
import classes from './map.module.css'

/** Servers as boxes, what runs on them inside: the whole cloud at a glance. */
export function MapPage() {
  const t = useText()
  const say = useSaying()
  const word = useWord()
  const topology = useQuery(topologyQuery)
  return (
    <Page title={t('Map')}>
      <Loaded query={topology}>
        {({ servers, services, truncated }) =>
          servers.length === 0 ? (
            <Empty title={t('No server yet')} />
          ) : (
            <>
              <div className={classes.map}>
                {servers.map((server) => (
                  <section key={server.computer} className={classes.server}>
                    <header className={classes.head}>
                      <Link to="/servers/$computer" params={{ computer: server.computer }} className={classes.title}>
                        {server.title}
                      </Link>
                      <StatusPill status={server.status} />
                    </header>
                    <p className="faint mono">
                      {server.computer} {server.address}
                    </p>
                    <ul className={classes.services}>
                      {services
                        .filter((service) => service.computer === server.computer)
                        .map((service) => (
                          <li key={service.reference}>
                            <Link
                              to="/services/$reference"
                              params={{ reference: service.reference }}
                              className={classes.service}
                              data-color={service.status.color}
                              title={[word(service.status.word), say(service.status.reason)]
                                .filter(Boolean)
                                .join(' · ')}
                            >
                              <span className={classes.dot} aria-hidden />
                              <span className={classes.name}>{service.title}</span>
                              {service.instances > 1 && <span className="faint">×{service.instances}</span>}
                              <span className={classes.hidden}>{word(service.status.word)}</span>
                            </Link>
                          </li>
                        ))}
                    </ul>
                  </section>
                ))}
              </div>
              {truncated && <p className="dim">{t('Only a part is shown.')}</p>}
            </>
          )
        }
      </Loaded>
    </Page>
  )
}
