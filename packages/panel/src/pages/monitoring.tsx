import { useQuery } from '@tanstack/react-query'
import { homeQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Attention } from '../ui/attention.tsx'
import { Page, Section } from '../ui/page.tsx'
import { ProcessTable } from '../ui/processes.tsx'
import { PromiseTable } from '../ui/promises.tsx'
import { Loaded } from '../ui/states.tsx'

/** Everything that is checked, failing first. */
export function MonitoringPage() {
  const t = useText()
  const home = useQuery(homeQuery)
  return (
    <Page title={t('Monitoring')}>
      <Loaded query={home} lines={2}>
        {(data) => <Attention home={data} />}
      </Loaded>
      <Section title={t('Promises')}>
        <PromiseTable of={{}} withServer />
      </Section>
      <Section title={t('Processes')}>
        <ProcessTable of={{}} withServer />
      </Section>
    </Page>
  )
}
