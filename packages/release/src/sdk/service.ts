/** A service of the plan, to be named by promises and by `controller`. */
export interface Service {
  readonly service: string
}
