import { type TextKey, useText } from '../text/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { AREAS } from './areas.ts'

const OTHERS: readonly (readonly [keys: string, text: TextKey])[] = [
  ['Ctrl K', 'Search servers, services and software'],
  ['/', 'Search in the list'],
  ['?', 'Show the keyboard shortcuts'],
]

/** Which keys do what. */
export default function Keys({ close }: { readonly close: () => void }) {
  const t = useText()
  const areas = AREAS.map(({ keys, text }) => [keys, text] as const)
  return (
    <Dialog opened onClose={close} title={t('Keyboard shortcuts')}>
      <dl className="keys">
        {[...OTHERS, ...areas].map(([keys, text]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
