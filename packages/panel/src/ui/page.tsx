import { IconChevronRight } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useText } from '../text/text.ts'
import classes from './page.module.css'

interface Crumb {
  readonly label: string
  readonly link: LinkProps
}

export function Page({
  title,
  crumbs = [],
  actions,
  under,
  children,
}: {
  readonly title: string
  readonly crumbs?: readonly Crumb[]
  readonly actions?: ReactNode
  /** Below the title: status, what it is. */
  readonly under?: ReactNode
  readonly children: ReactNode
}) {
  const t = useText()
  useEffect(() => {
    document.title = `${title} · SlapOS`
  }, [title])
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {crumbs.length > 0 && (
            <nav className={classes.crumbs} aria-label={t('Breadcrumb')}>
              {crumbs.map((crumb, index) => (
                <span key={crumb.label}>
                  {index > 0 && <IconChevronRight size={12} aria-hidden />}
                  <Link {...crumb.link}>{crumb.label}</Link>
                </span>
              ))}
            </nav>
          )}
          <h1>{title}</h1>
          {under}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function Section({
  title,
  note,
  actions,
  children,
}: {
  readonly title: string
  readonly note?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <h2>{title}</h2>
        {note !== undefined && <span className={`dim ${classes.note}`}>{note}</span>}
        <div className={classes.actions}>{actions}</div>
      </div>
      {children}
    </section>
  )
}

type Fact = readonly [label: string, value: ReactNode, wide?: 'wide']

/** Label and value pairs. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value, wide]) => (
        <div key={label} data-wide={wide}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
