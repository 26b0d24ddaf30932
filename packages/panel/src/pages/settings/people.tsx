import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Role } from '../../api/generated/schema.ts'
import { invitationsQuery, membersQuery } from '../../api/queries.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { CommandLine } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'

const ROLES: readonly Role[] = ['owner', 'manager', 'member']
const toRole = (text: string): Role => ROLES.find((role) => role === text) ?? 'member'

export function People() {
  const t = useText()
  const { memberships } = useMe()
  if (memberships.length === 0) return <Empty title={t('You are not in any project')} />
  return memberships.map(({ project, title, role }) => (
    <div key={project} className="overview">
      <Section title={title} note={project}>
        <Members project={project} mayChange={role === 'owner'} />
      </Section>
      {role !== 'member' && (
        <Section title={t('Invitations')}>
          <Invitations project={project} owner={role === 'owner'} />
        </Section>
      )}
    </div>
  ))
}

function Members({ project, mayChange }: { readonly project: string; readonly mayChange: boolean }) {
  const t = useText()
  const me = useMe()
  const client = useQueryClient()
  const members = useQuery(membersQuery(project))
  const refresh = () => client.invalidateQueries({ queryKey: ['members', project] })
  const setRole = useMutation({
    mutationFn: ({ person, role }: { person: string; role: Role }) =>
      answer(
        api.PUT('/api/v1/projects/{project}/members/{person}', {
          params: { path: { project, person } },
          body: { role },
        }),
      ),
    onSuccess: refresh,
  })
  const remove = useMutation({
    mutationFn: (person: string) =>
      answer(api.DELETE('/api/v1/projects/{project}/members/{person}', { params: { path: { project, person } } })),
    onSuccess: refresh,
  })
  return (
    <Loaded query={members}>
      {(rows) => (
        <Table
          label={t('People')}
          rows={rows}
          rowKey={(row) => row.person}
          columns={[
            { title: t('Name'), cell: (row) => <b>{row.name || row.login}</b> },
            { title: t('User name'), cell: (row) => row.login },
            { title: t('E-mail address'), wide: true, cell: (row) => row.email || '–' },
            {
              title: t('Role'),
              cell: (row) =>
                mayChange && row.person !== me.person ? (
                  <NativeSelect
                    aria-label={`${t('Role')}: ${row.login}`}
                    value={row.role}
                    data={ROLES.map((value) => ({ value, label: t(value) }))}
                    onChange={(event) =>
                      setRole.mutate({ person: row.person, role: toRole(event.currentTarget.value) })
                    }
                  />
                ) : (
                  t(row.role)
                ),
            },
            { title: t('Since'), wide: true, cell: (row) => <Ago at={row.since} /> },
            {
              title: t('Action'),
              end: true,
              cell: (row) =>
                mayChange &&
                row.person !== me.person && (
                  <Button size="compact-xs" variant="default" onClick={() => remove.mutate(row.person)}>
                    {t('Remove')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Loaded>
  )
}

function Invitations({ project, owner }: { readonly project: string; readonly owner: boolean }) {
  const t = useText()
  const client = useQueryClient()
  const [role, setRole] = useState<Role>('member')
  const invitations = useQuery(invitationsQuery(project))
  const refresh = () => client.invalidateQueries({ queryKey: ['invitations', project] })
  const invite = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/projects/{project}/invitations', {
          params: { path: { project } },
          body: { role, email: '' },
        }),
      ),
    onSuccess: refresh,
  })
  const revoke = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/v1/projects/{project}/invitations/{id}', { params: { path: { project, id } } })),
    onSuccess: refresh,
  })
  return (
    <div className="stack">
      <div className="row">
        <NativeSelect
          aria-label={t('Role')}
          value={role}
          data={(owner ? ROLES : ROLES.slice(2)).map((value) => ({ value, label: t(value) }))}
          onChange={(event) => setRole(toRole(event.currentTarget.value))}
        />
        <Button loading={invite.isPending} onClick={() => invite.mutate()}>
          {t('Make an invitation link')}
        </Button>
      </div>
      {invite.data && (
        <>
          <p className="dim">{t('Send this link to one person; it works once.')}</p>
          <CommandLine value={invite.data.link} what={t('the link')} />
        </>
      )}
      <Loaded query={invitations} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('No invitation yet')} />
          ) : (
            <Table
              label={t('Invitations')}
              rows={rows}
              rowKey={(row) => row.id}
              columns={[
                { title: t('Role'), cell: (row) => t(row.role) },
                { title: t('State'), cell: (row) => t(row.state) },
                { title: t('Created'), cell: (row) => <Ago at={row.created} /> },
                {
                  title: t('Action'),
                  end: true,
                  cell: (row) =>
                    row.state === 'unused' && (
                      <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(row.id)}>
                        {t('Revoke')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </div>
  )
}
