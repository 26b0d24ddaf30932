import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Descriptor, Release } from '../../api/generated/schema.ts'
import { useMe } from '../../app/session.tsx'
import { requestCommand, supplyCommand } from '../../form/command-line.ts'
import { formLabels, forOtherForm } from '../../form/other-form.ts'
import { ParameterEditor } from '../../form/parameter-editor.tsx'
import type { TextMap } from '../../form/wire.ts'
import { useRefusal, useText } from '../../text/text.ts'
import { useDraft } from '../../ui/draft.ts'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { Section } from '../../ui/page.tsx'
import { tell } from '../../ui/tell.ts'
import { wrongCondition } from './conditions.ts'
import { SupplyToo, useLacking } from './lacking-release.tsx'
import { Placement } from './placement.tsx'

interface Draft {
  readonly title: string
  readonly form: string
  readonly parameters: TextMap
  readonly filter: TextMap
}

/** The request: type, title, place, parameters. What is typed survives a reload. */
export function RequestForm({
  release,
  descriptor,
  error,
}: {
  readonly release: Release
  readonly descriptor: Descriptor | undefined
  readonly error: unknown
}) {
  const t = useText()
  const refusal = useRefusal()
  const navigate = useNavigate()
  const { memberships } = useMe()
  const forms = useMemo(() => descriptor?.forms ?? [], [descriptor])
  const [draft, setDraft, forget] = useDraft<Draft>(`request ${release.url}`, {
    title: '',
    form: forms[0]?.id ?? '',
    parameters: {},
    filter: {},
  })
  const [project, setProject] = useState(memberships[0]?.project ?? '')
  const [problem, setProblem] = useState<string | undefined>()
  const labels = formLabels(forms, t('(slave)'))
  const form = forms.find((item) => item.id === draft.form) ?? forms[0]
  const computer = form?.shared ? undefined : draft.filter['computer_guid']
  const lacking = useLacking(/^COMP-\d+$/.test(computer ?? '') ? computer : undefined, release.url)
  const [supply, setSupply] = useState(true)
  const [untitled, setUntitled] = useState(false)
  const titleField = useRef<HTMLInputElement>(null)
  // One key a form: pressing twice, or again after a lost answer, requests once.
  const [key] = useState(() =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  )

  const request = useMutation({
    mutationFn: async () => {
      if (computer !== undefined && lacking === true && supply) {
        const to = { params: { path: { computer } }, body: { url: release.url } }
        await answer(api.POST('/api/v1/servers/{computer}/installations', to))
      }
      return answer(
        api.POST('/api/v1/services', {
          headers: { 'idempotency-key': key },
          body: {
            title: draft.title.trim(),
            releaseUrl: release.url,
            softwareType: form?.softwareType ?? 'RootSoftwareInstance',
            shared: form?.shared ?? false,
            parameters: draft.parameters,
            filter: Object.fromEntries(Object.entries(draft.filter).filter(([, value]) => value !== '')),
            ...(project === '' ? {} : { project }),
          },
        }),
      )
    },
    onSuccess: async (service) => {
      forget()
      tell.done(t('Requested'))
      await navigate({ to: '/services/$reference', params: { reference: service.reference } })
    },
  })
  const unavailable = descriptor?.problem ?? (error === null ? undefined : refusal(error).message)
  return (
    <form
      className="stack request"
      // A field that is required in a group that is not may stay empty: the schema judges, not the browser.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (draft.title.trim() === '') {
          setUntitled(true)
          titleField.current?.focus()
        } else request.mutate()
      }}
    >
      <Section title={t('Service')}>
        <div className="card fields">
          <TextInput
            label={t('Title')}
            name="title"
            required
            maxLength={200}
            description={t('A name that you will recognise')}
            value={draft.title}
            ref={titleField}
            error={untitled && draft.title.trim() === '' ? t('A title is needed') : undefined}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
          />
          {forms.length > 0 && (
            <NativeSelect
              label={t('Software type')}
              description={t('What kind of service')}
              value={form?.id ?? ''}
              data={forms.map((item, index) => ({ value: item.id, label: labels[index] ?? item.title }))}
              onChange={({ currentTarget: { value } }) => {
                const other = forms.find((item) => item.id === value)
                setDraft({ ...draft, form: value, parameters: forOtherForm(draft.parameters, form, other) })
              }}
            />
          )}
          {memberships.length > 1 && (
            <NativeSelect
              label={t('Project')}
              value={project}
              data={memberships.map((item) => ({ value: item.project, label: item.title }))}
              onChange={(event) => setProject(event.currentTarget.value)}
            />
          )}
          <Placement
            filter={draft.filter}
            onChange={(filter) => setDraft({ ...draft, filter })}
            shared={form?.shared ?? false}
            supplied={release.servers}
          />
          {computer !== undefined && lacking === true && (
            <SupplyToo computer={computer} checked={supply} onChange={setSupply} />
          )}
        </div>
      </Section>
      <Section title={t('Parameters')} note={form?.title ?? ''}>
        <div className="card stack">
          {form?.description && <p className="dim">{form.description}</p>}
          {unavailable && (
            <p className="dim" role="alert">
              {t('There is no form for this release: {reason}', { reason: unavailable })}
            </p>
          )}
          <ParameterEditor
            form={form}
            value={draft.parameters}
            onChange={(parameters, found) => {
              setDraft({ ...draft, parameters })
              setProblem(found)
            }}
          />
        </div>
      </Section>
      <div className="row">
        <Button
          type="submit"
          loading={request.isPending}
          disabled={problem !== undefined || wrongCondition(draft.filter) !== undefined}
        >
          {t('Proceed')}
        </Button>
        {problem !== undefined && (
          <span className="problem" role="alert">
            {problem}
          </span>
        )}
      </div>
      <InAShell
        commands={[
          ...(computer !== undefined && lacking === true && supply ? [supplyCommand(release.url, computer)] : []),
          requestCommand({
            ...{
              title: draft.title.trim(),
              releaseUrl: release.url,
              filter: draft.filter,
              parameters: draft.parameters,
            },
            ...{ softwareType: form?.softwareType ?? '', shared: form?.shared ?? false },
          }),
        ]}
      />
    </form>
  )
}
