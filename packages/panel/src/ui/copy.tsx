import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useText } from '../text/text.ts'

export function Copy({ value, what }: { readonly value: string; readonly what?: string }) {
  const t = useText()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('Copied') : t('Copy')} openDelay={300}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            size={26}
            aria-label={what === undefined ? t('Copy') : t('Copy {what}', { what })}
            onClick={(event) => {
              event.stopPropagation()
              copy()
            }}
          >
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A reference that people paste elsewhere: COMP-1, an address. */
export function Reference({ value }: { readonly value: string }) {
  return (
    <span className="reference">
      <code>{value}</code>
      <Copy value={value} what={value} />
    </span>
  )
}

/** One line, or several, to paste into a terminal. */
export function CommandLine({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <div className="command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{value}</pre>
      <Copy value={value} what={what} />
    </div>
  )
}
