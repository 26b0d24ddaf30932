import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheckFilled, IconLoader2 } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { IssuedJoinToken } from '../../api/generated/schema.ts'
import { serverQuery, tokenQuery } from '../../api/queries.ts'
import { useText, useWord } from '../../text/text.ts'
import { CommandLine, Copy } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Facts } from '../../ui/page.tsx'
import { StatusLine } from '../../ui/status.tsx'
import { useDate } from '../../ui/time.ts'
import classes from './token-dialog.module.css'

/** Pick, get one line to paste, and watch it turn green when the machine appears. */
export function TokenDialog({ close }: { readonly close: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [title, setTitle] = useState('')
  const [hours, setHours] = useState('24')
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/tokens', { body: { title, hours: Number(hours) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <Dialog opened onClose={close} size={620} title={t('Add a server')}>
      {create.data ? (
        <Issued token={create.data} close={close} />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate()
          }}
        >
          <p className="dim">
            {t('A token lets one machine join, once. If an installation fails, the same line can be run again there.')}
          </p>
          <TextInput
            data-autofocus
            label={t('Name of the server')}
            description={t('Optional: the installer asks for it otherwise')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('The token expires after')}
            value={hours}
            data={[
              { value: '1', label: t('{count} hours', { count: 1 }) },
              { value: '24', label: t('{count} hours', { count: 24 }) },
              { value: '168', label: t('{count} days', { count: 7 }) },
            ]}
            onChange={(event) => setHours(event.currentTarget.value)}
          />
          <div className="row">
            <Button type="submit" loading={create.isPending}>
              {t('Make a token')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

function Issued({ token, close }: { readonly token: IssuedJoinToken; readonly close: () => void }) {
  const t = useText()
  const date = useDate()
  const word = useWord()
  const state = useQuery({
    ...tokenQuery(token.id),
    initialData: token,
    // That its time is over makes no event.
    refetchInterval: ({ state: { data } }) => data?.state === 'unused' && untilAfter(token.expires),
  })
  const computer = state.data.computer
  return (
    <div className="stack">
      <p>{t('Log in as root on the machine (Debian 12 or 13) and paste this line:')}</p>
      <CommandLine value={token.command} what={t('the line')} />
      <Facts
        facts={[
          [
            t('Token'),
            <span className="reference" key="token">
              <code className={classes.token}>{token.token}</code>
              <Copy value={token.token} what={t('the token')} />
            </span>,
          ],
          [t('Expires'), date(token.expires)],
          [t('State'), word(state.data.state)],
          [t('Master API'), <code key="master">{token.masterUrl}</code>],
          [t('Master web site'), <code key="web">{token.webUrl}</code>],
        ]}
      />
      <div className={classes.waiting} data-there={computer !== null || undefined} role="status">
        {computer === null && state.data.state !== 'unused' ? (
          <>
            <IconAlertTriangle size={18} aria-hidden />
            {t('This token counts no more ({state}): make another one.', { state: word(state.data.state) })}
          </>
        ) : computer === null ? (
          <>
            <IconLoader2 size={18} className={classes.turning} aria-hidden />
            {t('Waiting for the machine. The token is shown only now.')}
          </>
        ) : (
          <Joined computer={computer} close={close} />
        )}
      </div>
    </div>
  )
}

/** Milliseconds; at least one second, as the clock of the Master may be behind. */
function untilAfter(time: number): number {
  return Math.max(1000, time - Date.now())
}

function Joined({ computer, close }: { readonly computer: string; readonly close: () => void }) {
  const t = useText()
  const server = useQuery(serverQuery(computer))
  return (
    <div className="stack">
      <div className="row">
        <IconCircleCheckFilled size={18} aria-hidden />
        <b>{t('{server} joined', { server: server.data?.title ?? computer })}</b>
      </div>
      {server.data && <StatusLine status={server.data.status} />}
      <div className="row">
        <LinkButton to="/servers/$computer" params={{ computer }} onClick={close}>
          {t('Open the server')}
        </LinkButton>
      </div>
    </div>
  )
}
