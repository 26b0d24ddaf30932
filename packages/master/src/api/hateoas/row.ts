/** A found object: its columns, and what its view shows. */
export interface Row {
  readonly relativeUrl: string
  readonly type: string
  readonly columns: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, Field>>
}

export interface Field {
  readonly type: 'StringField' | 'EmailField' | 'IntegerField' | 'TextAreaField'
  readonly default: unknown
}

export const text = (value: string): Field => ({ type: 'StringField', default: value })

/** Where the objects of each kind are, and how they are called. */
export const MODULES = {
  tree: 'instance_tree_module',
  instance: 'software_instance_module',
  computer: 'compute_node_module',
  installation: 'software_installation_module',
  person: 'person_module',
} as const

/** A row with the columns that every kind has. */
export function row(
  module: keyof typeof MODULES,
  type: string,
  known: { readonly reference: string; readonly title: string },
  more: Pick<Row, 'columns' | 'fields'>,
): Row {
  const { reference, title } = known
  const relativeUrl = `${MODULES[module]}/${reference}`
  return {
    relativeUrl,
    type,
    columns: { title, reference, relative_url: relativeUrl, uid: reference, portal_type: type, ...more.columns },
    fields: { my_title: text(title), my_reference: text(reference), ...more.fields },
  }
}
