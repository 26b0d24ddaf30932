import type { CertificateItem } from '../api/generated/schema.ts'
import { useText } from '../text/text.ts'
import type { Column } from './table.tsx'
import { useDate } from './time.ts'

/** What lists of certificates show of each. */
export function useCertificateColumns(): readonly Column<CertificateItem>[] {
  const t = useText()
  const date = useDate()
  return [
    {
      title: t('Fingerprint'),
      cell: (row) => <code title={row.fingerprint}>{row.fingerprint.slice(0, 24)}…</code>,
    },
    { title: t('State'), cell: (row) => (row.revoked === null ? t('active') : t('revoked')) },
    { title: t('Created'), wide: true, cell: (row) => date(row.issued) },
    { title: t('Expires'), wide: true, cell: (row) => date(row.expires) },
  ]
}
