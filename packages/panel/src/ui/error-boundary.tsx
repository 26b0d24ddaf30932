import { Component, type ReactNode } from 'react'
import { Failed } from './states.tsx'

/** A part that breaks on foreign data says so, and the page around it goes on. */
export class ErrorBoundary extends Component<
  { readonly message: string; readonly children: ReactNode },
  { readonly broken: boolean }
> {
  override state = { broken: false }
  static getDerivedStateFromError() {
    return { broken: true }
  }
  override render() {
    return this.state.broken ? <Failed error={new Error(this.props.message)} /> : this.props.children
  }
}
