import { IconCircleCheckFilled } from '@tabler/icons-react'
import type { Home, Subject } from '../api/generated/schema.ts'
import { useText } from '../text/text.ts'
import { Section } from './page.tsx'
import { SubjectLine } from './subject.tsx'

/** What somebody should look at; what only takes its time stands apart from it. */
export function Attention({ home }: { readonly home: Home }) {
  const t = useText()
  const { busy = [], wrong = [] } = Object.groupBy(home.attention, ({ status }) =>
    status.color === 'blue' ? 'busy' : 'wrong',
  )
  const count = home.attentionTotal - busy.length
  return (
    <>
      <Section title={t('Needs attention')} note={count > 0 ? String(count) : ''}>
        {wrong.length === 0 ? (
          <div className="card row">
            <IconCircleCheckFilled size={18} color="var(--green)" aria-hidden />
            {t('Everything is as it should be')}
          </div>
        ) : (
          <Subjects subjects={wrong} />
        )}
      </Section>
      {busy.length > 0 && (
        <Section title={t('In progress')}>
          <Subjects subjects={busy} />
        </Section>
      )}
    </>
  )
}

function Subjects({ subjects }: { readonly subjects: readonly Subject[] }) {
  return (
    <div className="subjects">
      {subjects.map((subject) => (
        <SubjectLine key={`${subject.kind} ${subject.parent} ${subject.reference}`} subject={subject} />
      ))}
    </div>
  )
}
