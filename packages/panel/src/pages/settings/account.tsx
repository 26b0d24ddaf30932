import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { useMe } from '../../app/session.tsx'
import { useText } from '../../text/text.ts'
import { LanguageSelect } from '../../ui/language.tsx'
import { Section } from '../../ui/page.tsx'
import { tell } from '../../ui/tell.ts'
import { Totp } from './totp.tsx'

export function Account() {
  const t = useText()
  return (
    <div className="two">
      <Section title={t('You')}>
        <Profile />
      </Section>
      <Section title={t('Password')}>
        <Password />
      </Section>
      <Section title={t('One-time codes')}>
        <Totp />
      </Section>
      <Section title={t('Language')}>
        <div className="card">
          <LanguageSelect />
        </div>
      </Section>
    </div>
  )
}

function Profile() {
  const t = useText()
  const me = useMe()
  const client = useQueryClient()
  const [name, setName] = useState(me.name)
  const [email, setEmail] = useState(me.email)
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/session/profile', { body: { name, email } })),
    onSuccess: async () => {
      tell.done(t('Saved'))
      await client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className="card stack" onSubmit={submit}>
      <TextInput label={t('User name')} value={me.login} readOnly />
      <TextInput label={t('Name')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput
        label={t('E-mail address')}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" loading={save.isPending}>
          {t('Save')}
        </Button>
      </div>
    </form>
  )
}

function Password() {
  const t = useText()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/session/password', { body: { current, next } })),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      tell.done(t('The password is changed; other sessions are logged out'))
    },
  })
  const toggle = { 'aria-label': t('Show the password') }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className="card stack" onSubmit={submit}>
      <PasswordInput
        label={t('Current password')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={toggle}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('New password')}
        description={t('At least 10 characters')}
        autoComplete="new-password"
        required
        minLength={10}
        visibilityToggleButtonProps={toggle}
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" loading={save.isPending}>
          {t('Change the password')}
        </Button>
      </div>
    </form>
  )
}
