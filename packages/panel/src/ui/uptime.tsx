import { useQuery } from '@tanstack/react-query'
import { type Of, uptimeQuery } from '../api/queries.ts'
import { HeartStrip } from './strip.tsx'

/** How a server or service was in the last 24 hours. */
export function Uptime({ of }: { readonly of: Of }) {
  const uptime = useQuery(uptimeQuery(of, 24))
  return <HeartStrip strip={uptime.data} large />
}
