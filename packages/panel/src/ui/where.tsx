import { Link } from '@tanstack/react-router'

interface Place {
  readonly computer: string
  readonly computerTitle: string
  readonly partition: string
  readonly service: string | null
  readonly serviceTitle: string
}

/** Where something runs, as people call it: the service first, then its partition and server. */
export function WhereCell({ at, withServer }: { readonly at: Place; readonly withServer: boolean }) {
  return (
    <span>
      {at.service !== null && (
        <Link to="/services/$reference" params={{ reference: at.service }} className="block">
          {at.serviceTitle}
        </Link>
      )}
      <span className="dim small">
        {withServer && (
          <Link to="/servers/$computer" params={{ computer: at.computer }} title={at.computer} className="quiet">
            {at.computerTitle || at.computer}
          </Link>
        )}
        {withServer && ' '}
        {at.partition}
      </span>
    </span>
  )
}
