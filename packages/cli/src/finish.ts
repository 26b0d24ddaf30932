/** Answers the exit code of the command that ran. Each command loads its own code when it runs: help stays quick. */
export type Finish = (code: number) => void
