import { Link } from '@tanstack/react-router'
import type { AuditItem } from '../api/generated/schema.ts'
import { useText, useWord } from '../text/text.ts'
import { Ago } from './ago.tsx'
import { Empty } from './states.tsx'

/** Who did what, newest first. */
export function AuditLines({ items }: { readonly items: readonly AuditItem[] }) {
  const t = useText()
  const word = useWord()
  if (items.length === 0) return <Empty title={t('Nothing happened yet')} />
  return (
    <ol className="audit">
      {items.map((item) => (
        <li key={item.id}>
          <span className="faint audit-at">
            <Ago at={item.at} />
          </span>
          <span className="audit-what">
            <b>{item.actor}</b> {word(item.action)} <AuditSubject subject={item.subject} title={item.subjectTitle} />
            {item.detail !== '' && <span className="dim audit-detail">{item.detail}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

function AuditSubject({ subject, title }: { readonly subject: string; readonly title: string }) {
  if (title === '') return null
  if (/^COMP-\d+$/.test(subject)) {
    return (
      <Link to="/servers/$computer" params={{ computer: subject }}>
        {title}
      </Link>
    )
  }
  if (/^SOFTINST-\d+$/.test(subject)) {
    return (
      <Link to="/services/$reference" params={{ reference: subject }}>
        {title}
      </Link>
    )
  }
  return <span>{title}</span>
}
