import { useText } from '../text/text.ts'
import { CommandLine } from './copy.tsx'

/** What the page does, as commands: folded away, for they may hold passwords. */
export function InAShell({ commands }: { readonly commands: readonly string[] }) {
  const t = useText()
  return (
    <details className="later">
      <summary>{t('The same in a shell')}</summary>
      <div className="stack">
        {commands.map((command) => (
          <CommandLine key={command} value={command} what={t('the line')} />
        ))}
      </div>
    </details>
  )
}
