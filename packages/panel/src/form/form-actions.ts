/** What a part of the form does to the data as a whole. */
export interface FormActions {
  readonly put: (path: readonly (string | number)[], value: unknown) => void
}
