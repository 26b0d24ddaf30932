import { Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBox, IconCloud, IconPlus, IconSearch, IconServer2, IconSettings } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type LinkProps, useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { searchQuery } from '../api/queries.ts'
import { type TextKey, useText } from '../text/text.ts'
import { useFocusBack } from '../ui/dialog.tsx'
import { StatusPill } from '../ui/status.tsx'
import { subjectLink } from '../ui/subject.tsx'
import { AREAS } from './areas.ts'
import classes from './palette.module.css'

interface Entry {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly icon: ReactNode
  readonly end?: ReactNode
  readonly link: LinkProps
}

const SETTINGS: readonly (readonly [tab: string, text: TextKey])[] = [
  ['account', 'Account'],
  ['people', 'People'],
  ['notifications', 'Notifications'],
  ['clients', 'Clients'],
  ['api-tokens', 'API tokens'],
  ['sessions', 'Sessions'],
]

const ICONS = { server: IconServer2, service: IconCloud, installation: IconBox, product: IconBox } as const

/** Ctrl-K: everything by name, and the usual actions. */
export default function Palette({ close }: { readonly close: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  useFocusBack()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const [wanted] = useDebouncedValue(text, 120)
  const found = useQuery({ ...searchQuery(wanted), placeholderData: keepPreviousData })

  const actions: Entry[] = [
    {
      id: 'add-service',
      label: t('Add a service'),
      note: '',
      icon: <IconPlus size={16} />,
      link: { to: '/services/add' },
    },
    {
      id: 'add-server',
      label: t('Add a server'),
      note: '',
      icon: <IconPlus size={16} />,
      link: { to: '/servers', search: { add: true } },
    },
    ...AREAS.map((area) => ({
      id: area.to,
      label: t(area.text),
      note: area.keys,
      icon: <area.icon size={16} />,
      link: { to: area.to },
    })),
    ...SETTINGS.map(([tab, text]) => ({
      id: `settings ${tab}`,
      label: t(text),
      note: t('Settings'),
      icon: <IconSettings size={16} />,
      link: { to: '/settings', search: { tab } } as const,
    })),
  ]
  const needle = text.trim().toLowerCase()
  const entries: Entry[] = [
    ...(needle === '' ? [] : (found.data?.items ?? [])).map((item) => {
      const Icon = ICONS[item.kind]
      return {
        id: `${item.kind} ${item.parent} ${item.reference}`,
        label: item.title,
        note: item.reference === item.title ? '' : item.reference,
        icon: <Icon size={16} />,
        end: item.kind === 'product' ? undefined : <StatusPill status={item.status} />,
        link: subjectLink(item),
      }
    }),
    ...actions.filter((action) => action.label.toLowerCase().includes(needle)),
  ]
  const at = Math.min(chosen, entries.length - 1)
  const go = (entry: Entry | undefined) => {
    if (!entry) return
    close()
    void navigate(entry.link)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(entries[at])
    else if (event.key === 'ArrowDown') setChosen((at + 1) % entries.length)
    else if (event.key === 'ArrowUp') setChosen((at - 1 + entries.length) % entries.length)
    else return
    event.preventDefault()
  }
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
      title={t('Search')}
      classNames={{ header: classes.hidden ?? '' }}
    >
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.input}
        value={text}
        placeholder={t('Search servers, services and software')}
        aria-label={t('Search')}
        leftSection={<IconSearch size={17} />}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={keys}
        role="combobox"
        aria-expanded
        aria-controls="palette-entries"
        aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
      />
      <div id="palette-entries" role="listbox" aria-label={t('Search')} className={classes.entries}>
        {entries.map((entry, index) => (
          <div
            key={entry.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={classes.entry}
            onClick={() => go(entry)}
            onKeyDown={keys}
            onMouseMove={() => setChosen(index)}
          >
            {entry.icon}
            <span className={classes.label}>{entry.label}</span>
            <span className="faint">{entry.note}</span>
            {entry.end}
          </div>
        ))}
        {entries.length === 0 && <p className={classes.none}>{t('Nothing matches')}</p>}
      </div>
    </Modal>
  )
}
