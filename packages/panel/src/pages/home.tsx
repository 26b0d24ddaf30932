import { IconChevronRight, IconCircleCheckFilled, IconPlus } from '@tabler/icons-react'
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
import { ToneIcon } from '../ui/status.tsx'
import { TONES } from '../ui/tones.ts'
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
            {all(data.servers) + all(data.services) > 0 && <Attention home={data} />}
            <Section title={t('Recent activity')} actions={<Link to="/activity">{t('All activity')}</Link>}>
              <AuditLines items={data.recent} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

const all = (counts: Counts) => TONES.reduce((sum, { color }) => sum + counts[color], 0)

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
  const shown = TONES.filter(({ color }) => counts[color] > 0)
  const total = all(counts)
  return (
    <div className={`card ${classes.count}`}>
      <Link to={to} className={classes.total}>
        <span className={classes.number}>{total}</span>
        <span className="dim">{title}</span>
      </Link>
      <div className={classes.bar} aria-hidden>
        {shown.map(({ color }) => (
          <span key={color} data-tone={color} style={{ flexGrow: counts[color] }} />
        ))}
      </div>
      <div className={classes.legend}>
        {shown.map(({ color, text }) => (
          <Link key={color} to={to} search={{ color }}>
            <ToneIcon color={color} />
            {counts[color]} {t(text).toLowerCase()}
          </Link>
        ))}
        {total === 0 && <span className="dim">{t('None yet')}</span>}
      </div>
    </div>
  )
}

interface Step {
  readonly title: TextKey
  readonly text: TextKey
  readonly action: TextKey
  readonly to: '/servers' | '/software' | '/services/add' | '/services'
  readonly search?: { readonly add: true }
}

/** The chapters of the tutorial. */
const STEPS: Readonly<Record<ChecklistStep, Step>> = {
  server: {
    title: 'Add a server',
    text: 'Make a token and paste one line on any Debian machine. It appears here by itself.',
    action: 'Add a server',
    to: '/servers',
    search: { add: true },
  },
  software: {
    title: 'Supply software to it',
    text: 'Choose a release. The server builds it once, and you watch the build.',
    action: 'Open the software',
    to: '/software',
  },
  service: {
    title: 'Request a service',
    text: 'Choose software, fill in its form, and watch it start.',
    action: 'Add a service',
    to: '/services/add',
  },
  running: {
    title: 'See it turn green',
    text: 'When it runs, its page shows its address and how to connect.',
    action: 'Open the services',
    to: '/services',
  },
}

function Checklist({ steps }: { readonly steps: Home['checklist'] }) {
  const t = useText()
  const next = steps.find(({ done }) => !done)?.step
  return (
    <Section
      title={t('First steps')}
      note={t('{done} of {count}', { done: steps.filter(({ done }) => done).length, count: steps.length })}
    >
      <ol className={`card ${classes.steps}`}>
        {steps.map(({ step, done }, index) => {
          const { title, text, action, ...link } = STEPS[step]
          return (
            <li key={step} data-done={done || undefined} aria-current={step === next ? 'step' : undefined}>
              {done ? (
                <IconCircleCheckFilled size={22} role="img" aria-label={t('Done')} />
              ) : (
                <span className={classes.place} aria-hidden>
                  {index + 1}
                </span>
              )}
              <div className={classes.step}>
                <b>{t(title)}</b>
                {!done && <span className="dim">{t(text)}</span>}
              </div>
              {step === next ? (
                <LinkButton {...link}>{t(action)}</LinkButton>
              ) : (
                !done && (
                  <LinkButton {...link} variant="subtle" rightSection={<IconChevronRight size={14} />}>
                    {t(action)}
                  </LinkButton>
                )
              )}
            </li>
          )
        })}
      </ol>
    </Section>
  )
}
