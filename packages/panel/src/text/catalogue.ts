/** Every text of the panel: English is the key, then French and Chinese. */
import { activity } from './catalogue/activity.ts'
import { everywhere } from './catalogue/everywhere.ts'
import { people } from './catalogue/people.ts'
import { servers } from './catalogue/servers.ts'
import { services } from './catalogue/services.ts'
import { software } from './catalogue/software.ts'

export const catalogue = { ...everywhere, ...servers, ...services, ...software, ...people, ...activity } as const
