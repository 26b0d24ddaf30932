/** What commands and the agent say to each other on the control socket: one JSON document a line, one request each. */
export type ControlRequest =
  | { readonly command: 'software'; readonly force: boolean; readonly only?: readonly string[] }
  | { readonly command: 'instance'; readonly force: boolean; readonly only?: readonly string[] }
  | { readonly command: 'promise'; readonly only?: readonly string[] }
  | { readonly command: 'report' }
  | { readonly command: 'refresh' }
  | { readonly command: 'status' }

/** Lines go to standard error as log lines, texts to standard output; the last message ends the command. */
export type ControlMessage =
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly message: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly code: number }

export type Send = (message: ControlMessage) => void

export const controlPath = (stateDirectory: string) => `${stateDirectory}/control.sock`
