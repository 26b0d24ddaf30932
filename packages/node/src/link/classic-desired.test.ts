import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ComputerDocument, OccupantDocument, SlaveDocument } from '@slapos/slap'
import { fromComputerDocument } from './classic-desired.ts'

const slave: SlaveDocument = {
  reference: '_s',
  title: 's',
  softwareType: 'default',
  parameters: {},
  connection: {},
  timestamp: '1',
}
const occupant = (fields: Partial<OccupantDocument> = {}): OccupantDocument => ({
  instanceGuid: '',
  title: 't',
  rootTitle: 't',
  state: 'started',
  releaseUrl: 'u',
  softwareType: 'default',
  parameters: {},
  connection: {},
  filter: {},
  accessStatus: undefined,
  ipList: [],
  fullIpList: [],
  slaves: [],
  timestamp: '1.5',
  ...fields,
})
const document = (who: OccupantDocument | undefined): ComputerDocument => ({
  computerId: 'c',
  partitions: [{ computerId: 'c', partitionId: 'slappart0', occupant: who }],
  installations: [],
})
const revisions = (from: OccupantDocument, to: OccupantDocument) => {
  const first = fromComputerDocument(document(from), new Map())
  const second = fromComputerDocument(document(to), first.memory)
  const [a, b] = [first.desired.partitions[0]?.occupant, second.desired.partitions[0]?.occupant]
  return { own: a?.ownRevision !== b?.ownRevision, slaves: a?.slavesRevision !== b?.slavesRevision }
}

describe('classic document as desired state', () => {
  it('a new timestamp with new slaves concerns the slaves only', () => {
    assert.deepEqual(revisions(occupant(), occupant({ timestamp: '2.5', slaves: [slave] })), {
      own: false,
      slaves: true,
    })
  })
  it('a new timestamp alone is a bang', () => {
    assert.deepEqual(revisions(occupant(), occupant({ timestamp: '2.5' })), { own: true, slaves: false })
  })
  it('what instances publish and what was reported concerns nobody', () => {
    const told = occupant({ connection: { a: '1' }, accessStatus: '#access ok' })
    assert.deepEqual(revisions(occupant(), told), { own: false, slaves: false })
    const published = occupant({ slaves: [{ ...slave, connection: { a: '1' } }] })
    assert.deepEqual(revisions(occupant({ slaves: [slave] }), published), { own: false, slaves: false })
  })
  it('parameters and state concern the instance', () => {
    assert.deepEqual(revisions(occupant(), occupant({ parameters: { a: '1' } })), { own: true, slaves: false })
    assert.deepEqual(revisions(occupant(), occupant({ state: 'stopped' })), { own: true, slaves: false })
  })
  it('has an identity where the Master gives none, and free partitions', () => {
    const { desired } = fromComputerDocument(document(occupant()), new Map())
    assert.equal(desired.partitions[0]?.occupant?.instanceGuid, 'c-slappart0')
    assert.equal(fromComputerDocument(document(undefined), new Map()).desired.partitions[0]?.occupant, null)
  })
})
