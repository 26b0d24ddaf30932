import { IconCircleCheckFilled, IconCircleDashed, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ChecklistStep, Counts, Home } from '../api/generated/schema.ts'
import { homeQuery } from '../api/queries.ts'
import { type TextKey, useText } from '../text/text.ts'
import { Attention } from '../ui/attention.tsx'
import { AuditLines } from '../ui/audit.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Loaded } from '../ui/states.tsx'
import classes from './home.module.css'

export function HomePage() {
  const t = useText()
  const home = useQuery(homeQuery)
  return (
    <Page
      title={t('Home')}
      actions={
        <LinkButton to="/services/add" leftSection={<IconPlus size={15} />}>
          {t('Add a service')}
        </LinkButton>
      }
    >
      <Loaded query={home} lines={10}>
        {(data) => (
          <>
            <div className={classes.cards}>
              <CountCard title={t('Servers')} counts={data.servers} to="/servers" />
              <CountCard title={t('Services')} counts={data.services} to="/services" />
            </div>
            {data.checklist.some((step) => !step.done) && <Checklist steps={data.checklist} />}
            <Attention home={data} />
            <Section title={t('Lately')} actions={<Link to="/activity">{t('All activity')}</Link>}>
              <AuditLines items={data.recent} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

const COLORS = ['red', 'yellow', 'grey', 'green'] as const

function CountCard({
  title,
  counts,
  to,
}: {
  readonly title: string
  readonly counts: Counts
  readonly to: '/servers' | '/services'
}) {
  const t = useText()
  const total = counts.green + counts.yellow + counts.red + counts.grey
  return (
    <div className={`card ${classes.count}`}>
      <Link to={to} className={classes.total}>
        <span className={classes.number}>{total}</span>
        <span className="dim">{title}</span>
      </Link>
      <div className={classes.bar} aria-hidden>
        {COLORS.map(
          (color) => counts[color] > 0 && <span key={color} data-color={color} style={{ flexGrow: counts[color] }} />,
        )}
      </div>
      <div className={classes.legend}>
        {COLORS.filter((color) => counts[color] > 0).map((color) => (
          <Link key={color} to={to} search={{ color }}>
            <span className={classes.dot} data-color={color} aria-hidden /> {counts[color]} {t(color)}
          </Link>
        ))}
        {total === 0 && <span className="dim">{t('None yet')}</span>}
      </div>
    </div>
  )
}

const STEPS: Readonly<
  Record<ChecklistStep, { text: TextKey; to: '/servers' | '/software' | '/services/add' | '/services' }>
> = {
  server: { text: 'Add a server: make a token, paste one line on the machine', to: '/servers' },
  software: { text: 'Supply software to it', to: '/software' },
  service: { text: 'Request a service', to: '/services/add' },
  running: { text: 'See it turn green', to: '/services' },
}

function Checklist({ steps }: { readonly steps: Home['checklist'] }) {
  const t = useText()
  return (
    <Section title={t('First steps')}>
      <ol className={`card ${classes.steps}`}>
        {steps.map(({ step, done }) => (
          <li key={step} data-done={done || undefined}>
            {done ? (
              <IconCircleCheckFilled size={18} aria-label={t('Done')} />
            ) : (
              <IconCircleDashed size={18} aria-hidden />
            )}
            {done ? <span>{t(STEPS[step].text)}</span> : <Link to={STEPS[step].to}>{t(STEPS[step].text)}</Link>}
          </li>
        ))}
      </ol>
    </Section>
  )
}
