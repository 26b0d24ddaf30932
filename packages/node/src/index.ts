/** The node agent. Heavy parts are reached by their own paths; this is what other packages use. */
export { AGENT_VERSION } from './agent/compose.ts'
export { openAgent, type RunningAgent, runAgent } from './agent/run-agent.ts'
export * from './commands/index.ts'
export * from './config/index.ts'
export { nodeErrors } from './errors.ts'
export { type FormatOptions, runFormat } from './format/run-format.ts'
export type { Host, HostFacts, HostStep, NodePaths } from './host/host.ts'
export { chooseLocalNetwork } from './host/local-network.ts'
