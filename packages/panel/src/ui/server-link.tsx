import { Link } from '@tanstack/react-router'

interface Somewhere {
  readonly computer: string | null
  readonly computerTitle: string | null
}

/** Leads to the server where something is, by the name that people gave it. */
export function ServerLink({ at: { computer, computerTitle } }: { readonly at: Somewhere }) {
  if (computer === null) return <span className="faint">–</span>
  return (
    <Link to="/servers/$computer" params={{ computer }} title={computer}>
      {computerTitle || computer}
    </Link>
  )
}
