/** Values under `_` (json-in-xml) as one text each; other dictionaries stay as they are. */
export function parseJsonInXml(text: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { _: json, ...rest } = text
  if (json === undefined) return rest
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ...rest, _: json }
    const own = Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'string' ? item : JSON.stringify(item, null, 2),
    ])
    return { ...rest, ...Object.fromEntries(own) }
  } catch {
    return text
  }
}
