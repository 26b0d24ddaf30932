import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api, Problem, rememberSession } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import { useRefusal, useText } from '../text/text.ts'
import { LanguageSelect } from '../ui/language.tsx'
import classes from './login.module.css'

export function LoginPage() {
  const t = useText()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { to } = useSearch({ from: '/login' })
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string | undefined>()

  const logIn = useMutation({
    meta: { quiet: true },
    mutationFn: () => answer(api.POST('/api/v1/session', { body: { user, password, ...(code ? { code } : {}) } })),
    onSuccess: async (me) => {
      rememberSession(me)
      client.setQueryData(meQuery.queryKey, me)
      // Only a path of this site: a foreign address in `to` leads nowhere.
      await navigate({ to: to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/' })
    },
    onError: (error) => {
      if (error instanceof Problem && error.code === 'CODE_NEEDED') setCode((before) => before ?? '')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate()
  }
  document.title = `${t('Log in')} · SlapOS`
  const refusal = useRefusal()(logIn.error)
  const asked = logIn.error instanceof Problem && logIn.error.code === 'CODE_NEEDED'
  return (
    <main className={classes.page}>
      <form className={classes.box} onSubmit={submit}>
        <div className={classes.logo}>
          <img src="/icon.svg" alt="" width={34} height={34} />
          <h1>{t('Log in to SlapOS')}</h1>
        </div>
        <TextInput
          size="sm"
          label={t('User name')}
          name="username"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
        />
        <PasswordInput
          size="sm"
          label={t('Password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('Show the password') }}
        />
        {code !== undefined && (
          <TextInput
            size="sm"
            label={t('One-time code')}
            description={t('Or a recovery code')}
            name="code"
            autoComplete="one-time-code"
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {logIn.error && !asked && (
          <p className={classes.error} role="alert">
            {refusal.message}
            {refusal.next !== '' && <span className="dim"> {refusal.next}</span>}
          </p>
        )}
        <Button type="submit" size="sm" loading={logIn.isPending} fullWidth>
          {t('Log in')}
        </Button>
      </form>
      <LanguageSelect />
    </main>
  )
}
