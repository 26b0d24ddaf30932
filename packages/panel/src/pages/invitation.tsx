import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api, rememberSession } from '../api/client.ts'
import type { Me } from '../api/generated/schema.ts'
import { meQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { tell } from '../ui/tell.ts'
import classes from './login.module.css'

/** Where an invitation link leads: the token stands after the hash, which browsers keep to themselves. */
export function InvitationPage() {
  const t = useText()
  const me = useQuery(meQuery)
  const [anew, setAnew] = useState(false)
  document.title = `${t('Join')} · SlapOS`
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.logo}>
          <img src="/icon.svg" alt="" width={34} height={34} />
          <h1>{t('You are invited to a project')}</h1>
        </div>
        {me.isPending ? null : me.data === undefined || anew ? (
          <NewAccount />
        ) : (
          <>
            <JoinAs me={me.data} />
            <Button variant="subtle" fullWidth onClick={() => setAnew(true)}>
              {t('Join with a new account')}
            </Button>
          </>
        )}
      </div>
    </main>
  )
}

const token = () => window.location.hash.slice(1)

/** Who is logged in gets one more project. */
function JoinAs({ me }: { readonly me: Me }) {
  const t = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  rememberSession(me)
  const join = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/session/invitation', { body: { token: token() } })),
    onSuccess: async () => {
      await client.invalidateQueries()
      await navigate({ to: '/' })
    },
  })
  return (
    <Button loading={join.isPending} fullWidth onClick={() => join.mutate()}>
      {t('Join as {name}', { name: me.login })}
    </Button>
  )
}

function NewAccount() {
  const t = useText()
  const navigate = useNavigate()
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const join = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/invitation', { body: { token: token(), login, name, password } })),
    onSuccess: async () => {
      tell.done(t('Welcome. You can log in now.'))
      await navigate({ to: '/login' })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    join.mutate()
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t('User name')}
        autoComplete="username"
        required
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <TextInput
        label={t('Name')}
        autoComplete="name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('Password')}
        description={t('At least 10 characters')}
        autoComplete="new-password"
        required
        minLength={10}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('Show the password') }}
      />
      <Button type="submit" loading={join.isPending} fullWidth>
        {t('Join')}
      </Button>
    </form>
  )
}
