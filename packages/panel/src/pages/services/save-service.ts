import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, Problem } from '../../api/client.ts'
import type { Service, ServiceChange } from '../../api/generated/schema.ts'
import { serviceQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { tell } from '../../ui/tell.ts'

/** Changes start from the version that is on the screen; somebody else's change meanwhile is a refusal. */
export function useSaveService(service: Service, done?: () => void) {
  const t = useText()
  const client = useQueryClient()
  const { queryKey } = serviceQuery(service.reference)
  return useMutation({
    mutationFn: (change: ServiceChange) =>
      answer(
        api.PUT('/api/v1/services/{reference}', {
          params: { path: { reference: service.reference } },
          headers: { 'if-match': `"${service.etag}"` },
          body: change,
        }),
      ),
    onSuccess: async (saved) => {
      client.setQueryData(queryKey, saved)
      tell.done(t('Saved. The server applies it now.'))
      done?.()
      await client.invalidateQueries({ queryKey: ['services'] })
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412) void client.invalidateQueries({ queryKey })
    },
  })
}
