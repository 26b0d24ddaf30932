/** The panel's API in a person's session, as a browser uses it. */
export interface PanelSession {
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
}

export async function panelSession(webUrl: string, user: string, password: string): Promise<PanelSession> {
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const headers = { 'content-type': 'application/json', ...more }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(new URL(`api/v1/${path}`, webUrl), { method, headers, ...sent })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return { value: JSON.parse(text) as unknown, cookie: response.headers.get('set-cookie') ?? '' }
  }
  const { value, cookie } = await call('POST', 'session', { user, password })
  const proof = { cookie: cookie.split(';')[0] ?? '', 'x-csrf-token': String(Object(value).csrf) }
  return {
    get: async (path) => (await call('GET', path, undefined, proof)).value,
    post: async (path, body) => (await call('POST', path, body, proof)).value,
  }
}
