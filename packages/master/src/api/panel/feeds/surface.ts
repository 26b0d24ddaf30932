import { createHash } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { PanelOptions } from '../options.ts'
import { opml, rss } from './render.ts'

type Asked = FastifyRequest<{ Params: { secret: string; project: string } }>

/**
 * For programs that read news: `/feeds/SECRET/opml` lists one feed a project, `/feeds/SECRET/PROJ-1.rss` is one. Whoever
 * has the secret sees what its person sees, and no more: names and states. To be registered with the prefix `/feeds`.
 */
export const feedSurface: FastifyPluginAsync<PanelOptions> = async (app, options) => {
  const { identity, people, queries, clock, webUrl } = options

  app.get('/:secret/opml', async (request: Asked, reply) => {
    const projects = await projectsOf(request.params.secret)
    if (projects === undefined) return nothing(reply)
    const feeds = projects.map(({ project, title }) => ({
      title: titleOf(title),
      url: `${webUrl()}/feeds/${request.params.secret}/${project}.rss`,
    }))
    return answer(request, reply, 'text/x-opml', opml('SlapOS', clock.now(), feeds, webUrl()), String(feeds.length))
  })

  app.get('/:secret/:project.rss', async (request: Asked, reply) => {
    const { secret, project } = request.params
    const found = (await projectsOf(secret))?.find((membership) => membership.project === project)
    if (found === undefined) return nothing(reply)
    const items = await queries.news(project)
    const self = `${webUrl()}/feeds/${secret}/${project}.rss`
    const channel = { title: titleOf(found.title), link: `${webUrl()}/`, self, now: clock.now() }
    return answer(request, reply, 'application/rss+xml', rss(channel, items, webUrl()), JSON.stringify(items))
  })

  const titleOf = (project: string): string => `SlapOS: ${project}`

  /** Undefined: nobody's (any more). */
  async function projectsOf(secret: string) {
    const feed = await identity.feeds.find(secret)
    return feed && people.memberships(feed.person)
  }
}

/** Readers ask often, and little changes: what they have is not sent again. */
function answer(request: FastifyRequest, reply: FastifyReply, type: string, text: string, version: string) {
  const etag = `"${createHash('sha256').update(version).digest('base64url')}"`
  reply.headers({ 'cache-control': 'private, no-cache', etag, 'x-robots-tag': 'noindex' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type(`${type}; charset=utf-8`).send(text)
}

const nothing = (reply: FastifyReply) =>
  reply.code(404).header('cache-control', 'no-store').type('text/plain').send('there is no such feed\n')
