/** How much of a person's rights a token gives: looking, also changing, also deciding who may what. */
export type GrantScope = 'read' | 'write' | 'admin'

/** What an API token gives of the rights of its person; never more than he has. */
export interface Grant {
  readonly scope: GrantScope
  /** `PROJ-n`: nothing outside this project. Undefined: every project of his. */
  readonly project: string | undefined
}

const ORDER: readonly GrantScope[] = ['read', 'write', 'admin']

export const covers = (held: GrantScope, needed: GrantScope): boolean => ORDER.indexOf(held) >= ORDER.indexOf(needed)
