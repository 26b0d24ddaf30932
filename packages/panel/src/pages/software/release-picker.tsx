import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Product, Release } from '../../api/generated/schema.ts'
import { productsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { AddRelease } from './add-release.tsx'
import classes from './release-picker.module.css'

interface Props {
  readonly value: Release | undefined
  readonly onChange: (release: Release | undefined) => void
  /** Chosen before the page opened: a link named it. */
  readonly wanted?: string | undefined
}

/** Which software, which release; the newest is chosen already. */
export function ReleasePicker({ value, onChange, wanted }: Props) {
  const t = useText()
  const products = useQuery(productsQuery)
  const named = products.data?.flatMap((product) => product.releases).find((release) => release.url === wanted)
  useEffect(() => {
    if (named && value === undefined) onChange(named)
  }, [named, value, onChange])
  return (
    <Section title={t('Software')} actions={<AddRelease />}>
      <Loaded query={products}>
        {(data) => {
          const offered = data.filter((product) => product.releases.length > 0)
          return offered.length === 0 ? (
            <Empty title={t('The catalogue is empty')}>{t('Add a release by its URL.')}</Empty>
          ) : (
            <Choices products={offered} value={value} onChange={onChange} />
          )
        }}
      </Loaded>
    </Section>
  )
}

function Choices({ products, value, onChange }: Omit<Props, 'wanted'> & { readonly products: readonly Product[] }) {
  const t = useText()
  const product = products.find((item) => item.name === value?.product)
  return (
    <>
      <fieldset className={classes.products}>
        <legend className={classes.legend}>{t('Software')}</legend>
        {products.map((item) => (
          <label key={item.name} className={classes.product} data-chosen={item === product || undefined}>
            <input
              type="radio"
              name="product"
              value={item.name}
              checked={item === product}
              onChange={() => onChange(item.releases[0])}
            />
            <span className={classes.title}>{item.title}</span>
            <span className="dim">{item.description}</span>
            {item.releases[0]?.version && (
              <span className="faint">{t('newest: {version}', { version: item.releases[0].version })}</span>
            )}
          </label>
        ))}
      </fieldset>
      {product && product.releases.length > 0 && (
        <NativeSelect
          label={t('Release')}
          value={value?.url ?? ''}
          w={360}
          maw="100%"
          data={product.releases.map((release, index) => ({
            value: release.url,
            label:
              index === 0
                ? t('{version} (newest)', { version: release.version || release.url })
                : release.version || release.url,
          }))}
          onChange={({ currentTarget }) =>
            onChange(product.releases.find((release) => release.url === currentTarget.value))
          }
        />
      )}
    </>
  )
}
