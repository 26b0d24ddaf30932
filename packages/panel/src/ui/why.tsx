import { Button } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { whyQuery } from '../api/queries.ts'
import { useSaying, useText, useWord } from '../text/text.ts'
import { Dialog } from './dialog.tsx'
import { Facts } from './page.tsx'
import { Loaded } from './states.tsx'
import { StatusLine } from './status.tsx'

/** "Why?": the explanation in one paragraph, with its facts. */
export function WhyButton({ name }: { readonly name: string }) {
  const t = useText()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<IconHelpCircle size={15} />} onClick={() => setOpened(true)}>
        {t('Why?')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('Why is it so?')} size={560}>
        {opened && <Why name={name} />}
      </Dialog>
    </>
  )
}

function Why({ name }: { readonly name: string }) {
  const why = useQuery(whyQuery(name))
  const say = useSaying()
  const word = useWord()
  return (
    <Loaded query={why} lines={3}>
      {(data) => (
        <div className="stack">
          <StatusLine status={{ ...data.status, reason: '' }} />
          <p>{say(data.text)}</p>
          {data.facts.length > 0 && (
            <Facts facts={data.facts.map((fact) => [word(fact.label), word(fact.value)] as const)} />
          )}
        </div>
      )}
    </Loaded>
  )
}
