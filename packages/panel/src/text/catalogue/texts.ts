/** English texts are their own keys. */
export type Texts = Readonly<Record<string, readonly [french: string, chinese: string]>>
