import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/app.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client.ts'
import { createPanelRouter } from './app/router.tsx'
import { theme } from './app/theme.ts'
import { loadTexts } from './text/text.ts'
import { tell } from './ui/tell.ts'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The event stream says when something is stale.
      staleTime: 60_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (mutation.meta?.['quiet'] !== true) tell.failed(error)
    },
  }),
})

const nonce = document.querySelector('meta[name=style-nonce]')?.getAttribute('content') ?? ''
// The library that locks scrolling behind dialogs reads the nonce of its style from this name.
Object.assign(globalThis, { __webpack_nonce__: nonce })
const root = document.getElementById('root')
const render = () => {
  if (!root) return
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" autoClose={5000} />
        <RouterProvider router={createPanelRouter(client)} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}
// Without its texts a language is shown in English, rather than nothing. Not awaited: the bundler keeps apart what an
// awaiting module shares, and the first load would be many small files.
loadTexts().then(render, render)
