import { Button, SegmentedControl } from '@mantine/core'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import type { SoftwareForm } from '../api/generated/schema.ts'
import { useLanguage, useText } from '../text/text.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { Loading } from '../ui/states.tsx'
import { fromInstanceXml, toInstanceXml } from './instance-xml.ts'
import { RawText } from './raw-text.tsx'
import { propertiesHere, schemasHere } from './schema-walk.ts'
import { fromWire, parseObject, type TextMap, toWire } from './wire.ts'

const SchemaForm = lazy(() => import('./schema-form.tsx'))
type View = 'form' | 'xml' | 'json'

/**
 * Parameters in three views that show the same values: the form of the schema, the XML that travels, and JSON. What
 * cannot be read yet (half-typed XML) stays where it is typed, and blocks saving and the other views.
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
  const language = useLanguage()
  const serialisation = form?.serialisation ?? 'xml'
  const read = useMemo(() => {
    try {
      return { data: fromWire(value, serialisation, form?.request), problem: undefined }
    } catch (error) {
      return { data: undefined, problem: error instanceof Error ? error.message : String(error) }
    }
  }, [value, serialisation, form])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it can no longer be read
  useEffect(() => {
    if (read.problem !== undefined) onChange(value, read.problem)
  }, [read.problem])
  const [view, setView] = useState<View>('form')
  const [unreadable, setUnreadable] = useState(false)
  const shown = form === undefined && view === 'form' ? 'xml' : view
  const given = Object.keys(read.data ?? {}).length > 0
  const empty = form !== undefined && !given && takesNothing(form.request)
  const check = async (next: TextMap) => {
    if (!form) return undefined
    const { problemOf } = await import('./problems.ts')
    try {
      return problemOf(form.request, fromWire(next, serialisation, form.request))
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  const changed = (next: TextMap, problem: string | undefined, broken: boolean) => {
    setUnreadable(broken)
    onChange(next, problem)
  }
  return (
    <div className="stack">
      <SegmentedControl
        aria-label={t('Parameters')}
        w="fit-content"
        value={shown}
        onChange={(next) => setView(next === 'xml' || next === 'json' ? next : 'form')}
        data={[
          {
            value: 'form',
            label: t('Parameter form'),
            disabled: form === undefined || (unreadable && shown !== 'form'),
          },
          { value: 'xml', label: t('Parameter XML'), disabled: unreadable && shown !== 'xml' },
          { value: 'json', label: 'JSON', disabled: unreadable && shown !== 'json' },
        ]}
      />
      {shown === 'form' && read.problem !== undefined && (
        <div className="row" role="alert">
          <span className="problem">{read.problem}</span>
          <Button size="compact-xs" variant="default" onClick={() => onChange({}, undefined)}>
            {t('Begin without values')}
          </Button>
        </div>
      )}
      {shown === 'form' && empty && <p className="dim">{t('This software type has no parameters.')}</p>}
      {shown === 'form' && form && read.data && !empty && (
        <ErrorBoundary message={t('The form cannot be shown. Use the XML or JSON view.')}>
          <Suspense fallback={<Loading />}>
            <SchemaForm
              key={`${form.id} ${language}`}
              schema={form.request}
              data={read.data}
              onChange={(data, problem) => onChange(toWire(data, serialisation, value, form.request), problem)}
              onOpen={(problem) => onChange(value, problem)}
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
          check={check}
          onChange={changed}
        />
      )}
      {shown === 'json' && (
        <RawText
          key={`json ${form?.id}`}
          label="JSON"
          initial={JSON.stringify(read.data ?? value, null, 2)}
          parse={(text) => toWire(parseObject(text), serialisation)}
          check={check}
          onChange={changed}
        />
      )}
    </div>
  )
}

/** Nothing to fill in; free keys are something. */
function takesNothing(schema: unknown): boolean {
  const open = schemasHere(schema, schema).some(
    ({ additionalProperties, patternProperties }) => additionalProperties || patternProperties,
  )
  return !open && propertiesHere(schema, schema).size === 0
}
