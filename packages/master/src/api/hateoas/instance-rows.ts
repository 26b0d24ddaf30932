import { writeInstanceXml } from '@slapos/slap'
import type { InstanceView } from '../../domain/cloud.ts'
import { type Row, row, text } from './row.ts'

/** A service, which clients know as its tree. */
export const treeRow = (root: InstanceView): Row => describe('tree', 'Instance Tree', root)

/** One instance of a tree, or a slave. */
export const instanceRow = (view: InstanceView): Row =>
  describe('instance', view.shared ? 'Slave Instance' : 'Software Instance', view)

function describe(module: 'tree' | 'instance', type: string, view: InstanceView): Row {
  const parameters = writeInstanceXml(view.parameters)
  const connection = Object.entries(view.connection).map(([connection_key, connection_value]) => ({
    connection_key,
    connection_value,
  }))
  return row(
    module,
    type,
    { reference: view.guid, title: view.title },
    {
      columns: {
        url_string: view.releaseUrl,
        text_content: parameters,
        getConnectionXmlAsDict: view.connection,
        SoftwareInstance_getNewsDict: view.status,
      },
      fields: {
        my_url_string: text(view.releaseUrl),
        my_slap_state: text(view.state),
        my_source_reference: text(view.softwareType),
        my_root_slave: { type: 'IntegerField', default: view.shared ? 1 : 0 },
        my_text_content: { type: 'TextAreaField', default: parameters },
        my_connection_parameter_list: { type: 'StringField', default: connection },
        my_news: { type: 'StringField', default: { instance: [view.status] } },
      },
    },
  )
}
