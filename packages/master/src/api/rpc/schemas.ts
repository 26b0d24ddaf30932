import Type from 'typebox'

/** Shapes that several methods share. Unknown properties are refused, in both directions. */
export const closed = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

export const Text = Type.String({ minLength: 1 })
export const Title = Type.String({ minLength: 1, maxLength: 200 })
export const State = Type.Union([Type.Literal('started'), Type.Literal('stopped'), Type.Literal('destroyed')])
export const ReleaseState = Type.Union([Type.Literal('available'), Type.Literal('destroyed')])
const Values = Type.Record(Type.String(), Type.Unknown())
export const Rows = Type.Array(Type.Array(Type.String()))

export const Computer = closed({ computer_guid: Text })
export const Instance = closed({ instance_guid: Text })
export const Nothing = closed({})

export const Sla = Type.Object(
  { retention_delay: Type.Optional(Type.Union([Type.Number(), Type.String()])) },
  { additionalProperties: Type.String() },
)

export const InstanceRequestBody = closed({
  title: Title,
  software_release_uri: Text,
  software_type: Text,
  state: Type.Optional(State),
  parameters: Type.Optional(Values),
  shared: Type.Optional(Type.Boolean()),
  sla_parameters: Type.Optional(Sla),
})

export const FormatBody = closed({
  computer_guid: Text,
  compute_partition_list: Type.Array(
    closed({
      partition_id: Text,
      ip_list: Type.Optional(
        Type.Array(
          closed({
            'ip-address': Text,
            netmask: Type.Optional(Type.String()),
            'network-interface': Type.Optional(Type.String()),
            'gateway-ip-address': Type.Optional(Type.String()),
            'network-address': Type.Optional(Type.String()),
          }),
        ),
      ),
      capability_list: Type.Optional(Type.Array(Text)),
    }),
    { maxItems: 10_000 },
  ),
})

export const Success = closed({ type: Type.Literal('success'), title: Type.String() })
export const CertificateAnswer = closed({ key: Type.String(), certificate: Type.String() })

export const InstanceAnswer = closed({
  title: Type.String(),
  instance_guid: Type.String(),
  root_instance_title: Type.String(),
  software_release_uri: Type.String(),
  software_type: Type.String(),
  state: State,
  shared: Type.Boolean(),
  parameters: Values,
  sla_parameters: Values,
  connection_parameters: Values,
  computer_guid: Type.String(),
  compute_partition_id: Type.String(),
  ip_list: Rows,
  full_ip_list: Rows,
  processing_timestamp: Type.Integer(),
  access_status_message: Type.String(),
})

export const NotReady = closed({ message: Type.String(), name: Type.String(), status: Type.Literal(102) })
export const InstanceOrNotReady = Type.Union([InstanceAnswer, NotReady])

export const listOf = <T extends Type.TSchema>(item: T) => closed({ result_list: Type.Array(item) })
