import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Color } from '../api/generated/schema.ts'
import type { TextKey } from '../text/text.ts'

/** What colours mean, worst first: nobody has to know colours to read a status, a filter or a count. */
export const TONES: readonly { readonly color: Color; readonly text: TextKey; readonly icon: TablerIcon }[] = [
  { color: 'red', text: 'Failing', icon: IconCircleX },
  { color: 'yellow', text: 'Warning', icon: IconAlertTriangle },
  { color: 'blue', text: 'In progress', icon: IconLoader2 },
  { color: 'green', text: 'Healthy', icon: IconCircleCheck },
  { color: 'grey', text: 'Inactive', icon: IconCircleDashed },
]
