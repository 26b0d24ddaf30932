import { createHash } from 'node:crypto'
import { type Form, writeAccessStatus, writeAddressList, writeCertificate, writeTextList } from '@slapos/slap'
import type { FastifyInstance } from 'fastify'
import { cached, sendXml } from './answers.ts'
import { surfaceErrors } from './errors.ts'
import { required } from './form.ts'
import type { SlapOptions } from './options.ts'

interface Query {
  Querystring: Form
}

/** The other reading calls: statuses, addresses, certificates, catalogue. */
export function readingRoutes(app: FastifyInstance, { cloud, identify, certificates, hateoasUrl }: SlapOptions): void {
  app.get<Query>('/getComputerStatus', async (request, reply) => {
    const status = await cloud.nodes.status(identify(request), required(request.query, 'computer_id'))
    return sendXml(reply, writeAccessStatus(status), 'status')
  })

  app.get<Query>('/getComputerPartitionStatus', async (request, reply) => {
    const status = await cloud.instances.status(identify(request), placeOf(request.query))
    return sendXml(reply, writeAccessStatus(status), 'status')
  })

  app.get<Query>('/getSoftwareInstallationStatus', async (request, reply) => {
    const [computer, url] = [required(request.query, 'computer_id'), required(request.query, 'url')]
    return sendXml(reply, writeAccessStatus(await cloud.software.status(identify(request), computer, url)), 'status')
  })

  app.get<Query>('/getHostingSubscriptionIpList', async (request, reply) => {
    const { computer, partition } = placeOf(request.query)
    const addresses = await cloud.nodes.treeAddresses(identify(request), computer, partition)
    return sendXml(reply, writeAddressList(addresses), 'document')
  })

  app.get<Query>('/getComputerPartitionCertificate', async (request, reply) => {
    const caller = identify(request)
    if (caller.kind === 'person') throw surfaceErrors.NOT_FOR_PERSONS()
    const { computer, partition } = placeOf(request.query)
    const { value } = await cloud.nodes.partition(caller, computer, partition)
    const pair = value.occupant ? await certificates.ofInstance(value.occupant.instanceGuid) : NO_CERTIFICATE
    return sendXml(reply, writeCertificate(pair), 'certificate')
  })

  app.get<Query>('/getSoftwareReleaseListFromSoftwareProduct', async (request, reply) => {
    const { software_product_reference: product, software_release_url: release } = request.query
    const by = release ? { release } : { product: product || required(request.query, 'software_product_reference') }
    return sendXml(reply, writeTextList(await cloud.software.releases(identify(request), by)))
  })

  // No final newline: clients take the body as it is.
  app.get('/getHateoasUrl', async (request, reply) => {
    identify(request)
    const url = hateoasUrl()
    if (url === undefined) throw surfaceErrors.NO_HATEOAS()
    const etag = createHash('sha256').update(url).digest('hex')
    return cached(reply, 'address').header('etag', `"${etag}"`).type('text/plain; charset=utf-8').send(url)
  })
}

const NO_CERTIFICATE = { certificate: '', key: '' }

export const placeOf = (fields: Form) => ({
  computer: required(fields, 'computer_id'),
  partition: required(fields, 'computer_partition_id'),
})
