import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { hintReader } from './hints.ts'
import { type LinkState, openStream } from './stream.ts'

const Link = createContext<LinkState>('connecting')
export const useLinkState = () => useContext(Link)

/** Keeps what is on the screen true while somebody is logged in. */
export function LiveLink({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LinkState>('connecting')
  const navigate = useNavigate()
  useEffect(() => openStream('/api/v1/events', { hint: hintReader(client), state: setState }), [client])
  useEffect(() => {
    if (state !== 'ended') return
    // Logged out, here or elsewhere: what was read must not stay on the screen.
    const to = window.location.pathname + window.location.search
    void navigate({ to: '/login', search: { to } }).then(() => client.clear())
  }, [state, client, navigate])
  return <Link value={state}>{children}</Link>
}
