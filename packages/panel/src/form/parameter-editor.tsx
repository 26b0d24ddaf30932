import { SegmentedControl, Textarea } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { SoftwareForm } from '../api/generated/schema.ts'
import { useText } from '../text/text.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { Loading } from '../ui/states.tsx'
import { fromInstanceXml, toInstanceXml } from './instance-xml.ts'
import { fromWire, isRecord, parseObject, propertiesOf, type TextMap, toWire } from './wire.ts'

const SchemaForm = lazy(() => import('./schema-form.tsx'))
type View = 'form' | 'xml' | 'json'

/**
 * Parameters in three views that show the same values: the form of the schema, the XML that travels, and JSON. What
 * cannot be read yet (half-typed XML) stays where it is typed and blocks saving.
 */
export function ParameterEditor({
  form,
  value,
  onChange,
}: {
  readonly form: SoftwareForm | undefined
  readonly value: TextMap
  readonly onChange: (value: TextMap, problem: string | undefined) => void
}) {
  const t = useText()
  const serialisation = form?.serialisation ?? 'xml'
  const read = useMemo(() => {
    try {
      return { data: fromWire(value, serialisation, form?.request), problem: undefined }
    } catch (error) {
      return { data: undefined, problem: error instanceof Error ? error.message : String(error) }
    }
  }, [value, serialisation, form])
  const [view, setView] = useState<View>('form')
  const shown = form === undefined && view === 'form' ? 'xml' : view
  const empty = isRecord(form?.request) && Object.keys(propertiesOf(form.request)).length === 0
  return (
    <div className="stack">
      <SegmentedControl
        aria-label={t('Parameters')}
        w="fit-content"
        value={shown}
        onChange={(next) => setView(next === 'xml' || next === 'json' ? next : 'form')}
        data={[
          { value: 'form', label: t('Parameter form'), disabled: form === undefined },
          { value: 'xml', label: t('Parameter XML') },
          { value: 'json', label: 'JSON' },
        ]}
      />
      {shown === 'form' && read.problem !== undefined && <p role="alert">{read.problem}</p>}
      {shown === 'form' && empty && <p className="dim">{t('This software type has no parameters.')}</p>}
      {shown === 'form' && form && read.data && !empty && (
        <ErrorBoundary message={t('The form cannot be shown. Use the XML or JSON view.')}>
          <Suspense fallback={<Loading />}>
            <SchemaForm
              key={form.id}
              schema={form.request}
              data={read.data}
              onChange={(data, errors) => onChange(toWire(data, serialisation), errors[0])}
            />
          </Suspense>
        </ErrorBoundary>
      )}
      {shown === 'xml' && (
        <RawText
          key={`xml ${form?.id}`}
          label={t('Parameter XML')}
          initial={toInstanceXml(value)}
          parse={fromInstanceXml}
          onChange={onChange}
        />
      )}
      {shown === 'json' && (
        <RawText
          key={`json ${form?.id}`}
          label="JSON"
          initial={JSON.stringify(read.data ?? value, null, 2)}
          parse={(text) => toWire(parseObject(text), serialisation)}
          onChange={onChange}
        />
      )}
    </div>
  )
}

function RawText({
  label,
  initial,
  parse,
  onChange,
}: {
  readonly label: string
  readonly initial: string
  readonly parse: (text: string) => TextMap
  readonly onChange: (value: TextMap, problem: string | undefined) => void
}) {
  const [text, setText] = useState(initial)
  const [problem, setProblem] = useState<string | undefined>()
  const [good, setGood] = useState<TextMap | undefined>()
  return (
    <Textarea
      aria-label={label}
      className="raw"
      autosize
      minRows={8}
      maxRows={26}
      spellCheck={false}
      value={text}
      error={problem}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value
        setText(next)
        try {
          const value = parse(next)
          setGood(value)
          setProblem(undefined)
          onChange(value, undefined)
        } catch (error) {
          const said = error instanceof Error ? error.message : String(error)
          setProblem(said)
          onChange(good ?? parse(initial), said)
        }
      }}
    />
  )
}
