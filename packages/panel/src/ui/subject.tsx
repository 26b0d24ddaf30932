import { Link, type LinkProps } from '@tanstack/react-router'
import type { Subject } from '../api/generated/schema.ts'
import { useSaying } from '../text/text.ts'
import { Ago } from './ago.tsx'
import { StatusPill } from './status.tsx'

type Named = Pick<Subject, 'kind' | 'reference' | 'parent'>

export function subjectLink({ kind, reference, parent }: Named): LinkProps {
  switch (kind) {
    case 'server':
      return { to: '/servers/$computer', params: { computer: reference } }
    case 'service':
      return { to: '/services/$reference', params: { reference } }
    case 'installation':
      return { to: '/servers/$computer/software/$id', params: { computer: parent, id: reference } }
    case 'product':
      return { to: '/software' }
  }
}

/** A line that leads to something that needs a look. */
export function SubjectLine({ subject }: { readonly subject: Subject }) {
  const say = useSaying()
  return (
    <Link {...subjectLink(subject)} className="subject">
      <StatusPill status={subject.status} />
      <span className="subject-title">
        {subject.title}
        {subject.parentTitle !== '' && <span className="faint"> · {subject.parentTitle}</span>}
      </span>
      <span className="dim subject-reason">{say(subject.status.reason)}</span>
      <span className="faint subject-since">{subject.status.since !== null && <Ago at={subject.status.since} />}</span>
    </Link>
  )
}
