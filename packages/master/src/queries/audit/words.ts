/** Actions in words, as they stand between who did it and what it was done to. What has none is shown by its name. */
const WORDS: Readonly<Record<string, string>> = {
  'computer.create': 'added the server',
  'computer.format': 'formatted',
  'computer.rename': 'renamed',
  'computer.scope': 'changed who may use',
  'computer.share': 'changed who may use',
  'computer.facts': 'changed the placement facts of',
  'computer.network': 'changed the network of',
  'computer.remove': 'removed the server',
  'computer.command': 'sent a command to',
  'computer.bang': 'asked to reprocess',
  'instance.create': 'requested',
  'instance.change': 'changed',
  'instance.allocate': 'placed',
  'instance.publish': 'published parameters of',
  'instance.destroy': 'destroyed',
  'instance.rename': 'renamed',
  'instance.bang': 'asked to reprocess',
  'software.supply': 'supplied software to',
  'software.remove': 'asked to remove software from',
  'software.removed': 'removed software from',
  'catalogue.add': 'added to the catalogue:',
  'network.create': 'created the network',
  'limit.set': 'set a limit of',
  'project.role': 'changed a role in',
  'project.create': 'created the project',
  'project.rename': 'renamed the project',
  'project.leave': 'removed a member of',
  'person.create': 'added',
  'person.change': 'changed',
  'person.disable': 'disabled',
  'password set': 'got a password',
  'password changed': 'changed the password',
  'log-in removed': 'lost the log-in',
  'one-time codes enabled': 'turned one-time codes on',
  'one-time codes disabled': 'turned one-time codes off',
  'feed added': 'made the feed',
  'feed removed': 'withdrew the feed',
  'notification added': 'is told at',
  'notification removed': 'is no longer told at',
  'recovery code used': 'logged in with a recovery code',
  'logged in': 'logged in',
  'logged out': 'ended a session',
  'token created': 'made',
  'token in use': 'began to use',
  'token used': 'used up',
  'token revoked': 'withdrew',
  'API token created': 'made',
  'API token revoked': 'withdrew',
  'certificate issued': 'got a certificate',
  'certificate revoked': 'lost a certificate',
}

/** A change of the wanted state alone has a word of its own. */
const STATES: Readonly<Record<string, string>> = { started: 'asked to start', stopped: 'asked to stop' }

export function wordsOf(action: string, detail: Readonly<Record<string, unknown>>): string {
  const { changed, state } = detail
  if (action === 'instance.change' && Array.isArray(changed) && changed.join() === 'state') {
    return STATES[String(state)] ?? 'changed'
  }
  return WORDS[action] ?? action
}
