export const catalogue = {} as const satisfies Record<string, readonly [string, string]>
