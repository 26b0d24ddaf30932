import { useSuspenseQuery } from '@tanstack/react-query'
import type { Me } from '../api/generated/schema.ts'
import { meQuery } from '../api/queries.ts'

/** Who is logged in; every page below the shell may ask. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** The project that new things go to. */
export const useProject = (): Me['memberships'][number] | undefined => useMe().memberships[0]

export function useMayManage(): boolean {
  const role = useProject()?.role
  return role === 'owner' || role === 'manager'
}
