import type { DesiredOccupant } from '@slapos/slap'

/**
 * A Master moves the timestamp of an instance when one of its children publishes something else, save `slapos proxy`,
 * which never does. It is known by its timestamps: seconds with a fraction. There children are asked again and again.
 */
export const announcesChildren = ({ timestamp }: Pick<DesiredOccupant, 'timestamp'>): boolean =>
  !timestamp.includes('.')
