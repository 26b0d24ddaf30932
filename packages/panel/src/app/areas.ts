import {
  IconActivity,
  IconBox,
  IconCloud,
  IconHeartbeat,
  IconHome,
  IconServer2,
  IconSettings,
  IconTopologyStar3,
} from '@tabler/icons-react'

/** The parts of the panel: the menu, their keys, and the palette all read them here. */
export const AREAS = [
  { to: '/', text: 'Home', icon: IconHome, keys: 'g h' },
  { to: '/servers', text: 'Servers', icon: IconServer2, keys: 'g s' },
  { to: '/services', text: 'Services', icon: IconCloud, keys: 'g i' },
  { to: '/software', text: 'Software', icon: IconBox, keys: 'g w' },
  { to: '/monitoring', text: 'Monitoring', icon: IconHeartbeat, keys: 'g m' },
  { to: '/map', text: 'Map', icon: IconTopologyStar3, keys: 'g p' },
  { to: '/activity', text: 'Activity', icon: IconActivity, keys: 'g a' },
  { to: '/settings', text: 'Settings', icon: IconSettings, keys: 'g t' },
] as const
