import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { hintReader } from './hints.ts'
import { type LinkState, openStream } from './stream.ts'

const Link = createContext<LinkState>('connecting')
export const useLinkState = () => useContext(Link)

/** Keeps what is on the screen true while somebody is logged in. */
export function LiveLink({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LinkState>('connecting')
  useEffect(() => openStream('/api/v1/events', { hint: hintReader(client), state: setState }), [client])
  return <Link value={state}>{children}</Link>
}
