/** Rows of the tables that only the panel needs. */
export type PanelTables = Record<never, never>
