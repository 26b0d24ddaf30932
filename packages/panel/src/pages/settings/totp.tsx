import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../text/text.ts'
import { CommandLine } from '../../ui/copy.tsx'

/** A second proof at log-in: six digits from an authenticator. */
export function Totp() {
  const t = useText()
  const me = useMe()
  const client = useQueryClient()
  const [entered, setEntered] = useState('')
  const [codes, setCodes] = useState<readonly string[]>([])
  const refresh = async () => {
    setEntered('')
    begin.reset()
    await client.invalidateQueries({ queryKey: ['me'] })
  }
  const begin = useMutation({ mutationFn: () => answer(api.POST('/api/v1/session/totp')) })
  const confirm = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/session/totp', { body: { code: entered } })),
    onSuccess: async ({ recoveryCodes }) => {
      setCodes(recoveryCodes)
      await refresh()
    },
  })
  const disable = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/session/totp/disable', { body: { password: entered } })),
    onSuccess: refresh,
  })
  if (me.totp) {
    return (
      <div className="card stack">
        <p>{t('One-time codes are on.')}</p>
        {codes.length === 0 ? (
          <p className="dim">{t('{n} recovery codes are left.', { n: me.recoveryCodes })}</p>
        ) : (
          <>
            <p>{t('Keep these recovery codes: each replaces a one-time code, once. They are not shown again.')}</p>
            <CommandLine value={codes.join('\n')} what={t('the recovery codes')} />
          </>
        )}
        <PasswordInput
          label={t('Current password')}
          value={entered}
          visibilityToggleButtonProps={{ 'aria-label': t('Show the password') }}
          onChange={(event) => setEntered(event.currentTarget.value)}
        />
        <div className="row">
          <Button variant="default" loading={disable.isPending} onClick={() => disable.mutate()}>
            {t('Turn off')}
          </Button>
        </div>
      </div>
    )
  }
  if (!begin.data) {
    return (
      <div className="card stack">
        <p className="dim">{t('Ask for a six-digit code from an authenticator app at each log-in.')}</p>
        <div className="row">
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {t('Turn on')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className="card stack">
      <p>{t('Add this to your authenticator app, then enter the code it shows:')}</p>
      <CommandLine value={begin.data.url} what={t('the address')} />
      <TextInput
        label={t('One-time code')}
        inputMode="numeric"
        value={entered}
        onChange={(event) => setEntered(event.currentTarget.value)}
      />
      <div className="row">
        <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {t('Confirm')}
        </Button>
      </div>
    </div>
  )
}
