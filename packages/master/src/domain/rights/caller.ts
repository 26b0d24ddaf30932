import type { Grant } from './grant.ts'

/** Who asks, as the surface established it (certificate fingerprint, session, API token). */
export type Caller =
  | {
      readonly kind: 'person'
      readonly person: string
      readonly via: 'session' | 'certificate' | 'token'
      /** With an API token: what it gives of his rights. Absent: all of them. */
      readonly grant?: Grant
    }
  | { readonly kind: 'computer'; readonly computer: string }
  | { readonly kind: 'instance'; readonly instance: string }
  /** The Master itself: set-up and the reconciler. */
  | { readonly kind: 'system' }
