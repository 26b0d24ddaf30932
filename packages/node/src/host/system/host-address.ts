export interface HostAddress {
  readonly address: string
  readonly prefixLength: number
}
