import { Button, type ButtonProps, Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Anchor = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> }

/** A button that leads to a page. */
export const LinkButton = createLink((props: ButtonProps & Anchor) => <Button component="a" {...props} />)
/** A menu entry that leads to a page. */
export const LinkItem = createLink((props: MenuItemProps & Omit<Anchor, keyof MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
))
