import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { productsQuery, serversQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Reference } from '../../ui/copy.tsx'
import { LinkButton, LinkItem } from '../../ui/link-button.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { AddRelease } from './add-release.tsx'

export function CataloguePage() {
  const t = useText()
  const products = useQuery(productsQuery)
  return (
    <Page title={t('Software')} actions={<AddRelease />}>
      <Loaded query={products}>
        {(data) =>
          data.length === 0 ? (
            <Empty title={t('The catalogue is empty')}>{t('Add a release by its URL.')}</Empty>
          ) : (
            data.map((product) => (
              <Section key={product.name} title={product.title} note={product.description}>
                <Table
                  label={product.title}
                  rows={product.releases}
                  rowKey={(release) => release.url}
                  columns={[
                    { title: t('Release'), width: 80, cell: (release) => <b>{release.version || '–'}</b> },
                    {
                      title: t('URL'),
                      wide: true,
                      cell: (release) => <Reference value={release.url} />,
                    },
                    { title: t('Servers'), width: 80, cell: (release) => release.servers },
                    { title: t('Services'), width: 84, cell: (release) => release.services },
                    { title: t('Added'), width: 110, wide: true, cell: (release) => <Ago at={release.added} /> },
                    {
                      title: t('Action'),
                      end: true,
                      width: 250,
                      cell: (release) => (
                        <span className="row-end">
                          <SupplyMenu release={release.url} />
                          <LinkButton
                            size="compact-xs"
                            variant="default"
                            to="/services/add"
                            search={{ release: release.url }}
                          >
                            {t('Request a service')}
                          </LinkButton>
                        </span>
                      ),
                    },
                  ]}
                />
              </Section>
            ))
          )
        }
      </Loaded>
    </Page>
  )
}

function SupplyMenu({ release }: { readonly release: string }) {
  const t = useText()
  const servers = useInfiniteQuery(serversQuery({}))
  const rows = servers.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<IconChevronDown size={12} />}
          disabled={rows.length === 0}
        >
          {t('Supply')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {rows.map((server) => (
          <LinkItem
            key={server.computer}
            to="/servers/$computer/supply"
            params={{ computer: server.computer }}
            search={{ release }}
          >
            {server.title} <span className="faint">{server.computer}</span>
          </LinkItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
