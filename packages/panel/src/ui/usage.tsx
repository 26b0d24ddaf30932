import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { usageQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Empty, Loaded, Loading } from './states.tsx'

const Chart = lazy(() => import('./chart.tsx'))
const RANGES = [
  { value: '60', label: '1 h' },
  { value: '1440', label: '24 h' },
  { value: '10080', label: '7 d' },
] as const

export function UsageCharts({ computer, partition }: { readonly computer: string; readonly partition: string }) {
  const t = useText()
  const [minutes, setMinutes] = useState('60')
  const usage = useQuery(usageQuery(computer, partition, Number(minutes)))
  return (
    <div className="stack">
      <SegmentedControl
        value={minutes}
        onChange={setMinutes}
        data={RANGES.map((range) => ({ ...range }))}
        aria-label={t('Time range')}
        w="fit-content"
      />
      <Loaded query={usage}>
        {({ points }) =>
          points.length < 2 ? (
            <Empty title={t('No measurement yet')}>{t('The server measures every 15 seconds.')}</Empty>
          ) : (
            <Suspense fallback={<Loading />}>
              <div className="two">
                <Chart title={t('CPU (cores)')} points={points.map((point) => [point.at, point.cpu])} unit="" />
                <Chart
                  title={t('Memory')}
                  points={points.map((point) => [point.at, point.memory / 1048576])}
                  unit=" MiB"
                />
                <Chart title={t('Processes')} points={points.map((point) => [point.at, point.processes])} unit="" />
              </div>
            </Suspense>
          )
        }
      </Loaded>
    </div>
  )
}
