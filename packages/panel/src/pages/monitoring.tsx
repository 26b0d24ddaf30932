import { useQuery } from '@tanstack/react-query'
import { homeQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Page, Section } from '../ui/page.tsx'
import { ProcessTable } from '../ui/processes.tsx'
import { PromiseTable } from '../ui/promises.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { SubjectLine } from '../ui/subject.tsx'

/** Everything that is checked, failing first. */
export function MonitoringPage() {
  const t = useText()
  const home = useQuery(homeQuery)
  return (
    <Page title={t('Monitoring')}>
      <Section title={t('Needs attention')}>
        <Loaded query={home} lines={2}>
          {({ attention }) =>
            attention.length === 0 ? (
              <Empty title={t('Everything is as it should be')} />
            ) : (
              <div className="subjects">
                {attention.map((subject) => (
                  <SubjectLine key={`${subject.kind} ${subject.parent} ${subject.reference}`} subject={subject} />
                ))}
              </div>
            )
          }
        </Loaded>
      </Section>
      <Section title={t('Promises')}>
        <PromiseTable of={{}} withServer />
      </Section>
      <Section title={t('Processes')}>
        <ProcessTable of={{}} />
      </Section>
    </Page>
  )
}
