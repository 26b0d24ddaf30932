import type { InstanceNode } from '../../api/generated/schema.ts'
import { useText } from '../../text/text.ts'
import { ServerLink } from '../../ui/server-link.tsx'
import { StatusCell } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'

/** The instances of a service, children under their requester. */
export function InstanceTree({ instances }: { readonly instances: readonly InstanceNode[] }) {
  const t = useText()
  return (
    <Table
      label={t('Instances')}
      rows={inOrder(instances)}
      rowKey={({ instance }) => instance.reference}
      columns={[
        {
          title: t('Title'),
          cell: ({ instance, depth }) => (
            <span style={{ paddingInlineStart: depth * 18 }}>
              <b>{instance.title}</b> {instance.shared && <span className="dim">{t('(slave)')}</span>}
            </span>
          ),
        },
        { title: t('Status'), cell: ({ instance }) => <StatusCell status={instance.status} /> },
        { title: t('Type'), wide: true, cell: ({ instance }) => <span className="dim">{instance.softwareType}</span> },
        {
          title: t('Where'),
          cell: ({ instance }) => (
            <span>
              <ServerLink at={instance} /> <span className="dim">{instance.partition}</span>
            </span>
          ),
        },
        { title: t('Reference'), wide: true, cell: ({ instance }) => <code>{instance.reference}</code> },
      ]}
    />
  )
}

interface Placed {
  readonly instance: InstanceNode
  readonly depth: number
}

export function inOrder(instances: readonly InstanceNode[]): Placed[] {
  const known = new Set(instances.map((instance) => instance.reference))
  const under = (parent: string | null, depth: number): Placed[] =>
    instances
      .filter(
        (instance) => (instance.parent !== null && known.has(instance.parent) ? instance.parent : null) === parent,
      )
      .flatMap((instance) => [{ instance, depth }, ...(depth < 20 ? under(instance.reference, depth + 1) : [])])
  return under(null, 0)
}
