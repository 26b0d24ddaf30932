import { useInfiniteQuery } from '@tanstack/react-query'
import { auditQuery } from '../api/queries.ts'
import { AuditLines } from './audit.tsx'
import { Loaded } from './states.tsx'

/** What people and the system did to one thing. */
export function SubjectAudit({ subject }: { readonly subject: string }) {
  const audit = useInfiniteQuery(auditQuery({ subject }))
  return <Loaded query={audit}>{(data) => <AuditLines items={data.pages.flatMap((page) => page.items)} />}</Loaded>
}
