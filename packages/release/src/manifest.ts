/**
 * `release.json`: what a software release is, how it is built, and which software types it offers. A release is a
 * directory (or a .tgz of one) that holds this file, the JSON schemas that it names, and `instance.ts`.
 */

export const RELEASE_FORMAT = 1

export interface ReleaseManifest {
  readonly format: 1
  /** Short name, `[a-z0-9-]`. Releases of one product share it. */
  readonly name: string
  readonly version: string
  readonly title: string
  readonly description?: string
  /** Default `instance.ts`. */
  readonly entry?: string
  /** What the release cannot live without; a node that lacks it is refused with that reason. */
  readonly requires?: { readonly ipv6?: boolean; readonly root?: boolean }
  readonly build: readonly BuildStep[]
  /** Same keys as SlapOS' software.cfg.json: form id to software type. */
  readonly 'software-type': Readonly<Record<string, SoftwareTypeManifest>>
  /** `json-in-xml` (default) or `xml`. */
  readonly serialisation?: 'json-in-xml' | 'xml'
}

export interface SoftwareTypeManifest {
  readonly title: string
  readonly description?: string
  /** JSON schema files, relative to the release. */
  readonly request: string
  readonly response: string
  /** Real software type when it differs from the form id (several forms for one type). */
  readonly 'software-type'?: string
  /** True: a slave. */
  readonly shared?: boolean
  readonly index?: number
  readonly serialisation?: 'json-in-xml' | 'xml'
}

/** Build steps run in order, in the release's own directory, as the build user. */
export type BuildStep =
  /** Debian packages and the libraries they need, unpacked under `<release>/<into>` (default `debian`); nothing is installed on the host. */
  | {
      readonly type: 'apt'
      readonly packages: readonly string[]
      readonly into?: string
      /** Dependencies that the release does without. */
      readonly without?: readonly string[]
    }
  /** `npm ci` (with a lock file) or `npm install` in `<release>/<in>`. */
  | { readonly type: 'npm'; readonly in?: string }
  /** Downloads a file, checks its SHA-256, and unpacks it when asked. */
  | {
      readonly type: 'url'
      readonly url: string
      readonly sha256: string
      readonly into: string
      readonly unpack?: boolean
    }
  /** Checks out one commit. */
  | { readonly type: 'git'; readonly url: string; readonly commit: string; readonly into: string }
  /** Runs a command, argument vector only. */
  | {
      readonly type: 'run'
      readonly command: readonly string[]
      readonly in?: string
      readonly environment?: Readonly<Record<string, string>>
    }
