// Generated from the schemas of the panel API by `npm run generate -w @slapos/panel`. Do not edit.

export type ApiTokenItem = {
  readonly "id": string
  readonly "title": string
  readonly "scope": TokenScope
  readonly "project": string | null
  readonly "created": number
  readonly "expires": number | null
  readonly "used": number | null
}

export type AuditItem = {
  readonly "id": string
  readonly "at": number
  readonly "actor": string
  readonly "action": string
  readonly "subject": string
  readonly "subjectTitle": string
  readonly "detail": string
}

export type AuditPage = {
  readonly "items": (AuditItem)[]
  readonly "next": string | null
  readonly "total": number
}

export type CertificateItem = {
  readonly "fingerprint": string
  readonly "kind": string
  readonly "subject": string
  readonly "issued": number
  readonly "expires": number
  readonly "revoked": number | null
}

export type ChecklistStep = "server" | "software" | "service" | "running"

export type ClientToken = {
  readonly "id": string
  readonly "title": string
  readonly "created": number
  readonly "expires": number
  readonly "state": TokenState
}

export type Color = "green" | "blue" | "yellow" | "red" | "grey"

export type Command = {
  readonly "name": CommandName
  readonly "partition"?: string
  readonly "service"?: string
  readonly "url"?: string
}

export type CommandName = "restart-service" | "stop-service" | "start-service" | "reprocess" | "rebuild"

export type Connection = {
  readonly "parameters": (ConnectionParameter)[]
  readonly "missing": string | null
}

export type ConnectionParameter = {
  readonly "key": string
  readonly "title": string
  readonly "description": string
  readonly "value": string | null
  readonly "secret": boolean
  readonly "kind": ValueKind
}

export type Counts = {
  readonly "green": number
  readonly "blue": number
  readonly "yellow": number
  readonly "red": number
  readonly "grey": number
}

export type Descriptor = {
  readonly "url": string
  readonly "name": string
  readonly "description": string
  readonly "forms": (SoftwareForm)[]
  readonly "problem": string | null
}

export type Destruction = {
  readonly "title": string
}

export type Done = {
  readonly "done": true
}

export type EarlierVersion = {
  readonly "id": string
  readonly "until": number
  readonly "replacedBy": string
  readonly "releaseUrl": string
  readonly "version": string
  readonly "softwareType": string
  readonly "parameters": Readonly<Record<string, string>>
  readonly "filter": Readonly<Record<string, string>>
}

export type FeedItem = {
  readonly "id": string
  readonly "title": string
  readonly "created": number
  readonly "used": number | null
}

export type Home = {
  readonly "servers": Counts
  readonly "services": Counts
  readonly "attention": (Subject)[]
  readonly "attentionTotal": number
  readonly "checklist": ({
  readonly "step": ChecklistStep
  readonly "done": boolean
})[]
  readonly "recent": (AuditItem)[]
}

export type Installation = {
  readonly "id": string
  readonly "computer": string
  readonly "computerTitle": string
  readonly "url": string
  readonly "product": string
  readonly "version": string
  readonly "desired": "available" | "destroyed"
  readonly "status": Status
  readonly "requested": number
  readonly "usage": number
  readonly "phase": string
  readonly "step": number
  readonly "steps": number
  readonly "error": string
}

export type InstanceNode = {
  readonly "reference": string
  readonly "parent": string | null
  readonly "title": string
  readonly "softwareType": string
  readonly "shared": boolean
  readonly "desired": State
  readonly "computer": string | null
  readonly "computerTitle": string | null
  readonly "partition": string | null
  readonly "status": Status
}

export type Invitation = {
  readonly "id": string
  readonly "role": Role
  readonly "email": string
  readonly "created": number
  readonly "expires": number
  readonly "state": "unused" | "used" | "expired" | "revoked"
}

export type InvitationToken = {
  readonly "token": string
}

export type IssuedApiToken = {
  readonly "id": string
  readonly "title": string
  readonly "scope": TokenScope
  readonly "project": string | null
  readonly "created": number
  readonly "expires": number | null
  readonly "used": number | null
  readonly "secret": string
}

export type IssuedClientToken = {
  readonly "id": string
  readonly "token": string
  readonly "expires": number
  readonly "command": string
}

export type IssuedFeed = {
  readonly "id": string
  readonly "title": string
  readonly "created": number
  readonly "used": number | null
  readonly "opml": string
}

export type IssuedInvitation = {
  readonly "id": string
  readonly "role": Role
  readonly "email": string
  readonly "created": number
  readonly "expires": number
  readonly "state": "unused" | "used" | "expired" | "revoked"
  readonly "link": string
}

export type IssuedJoinToken = {
  readonly "id": string
  readonly "title": string
  readonly "created": number
  readonly "expires": number
  readonly "state": TokenState
  readonly "computer": string | null
  readonly "token": string
  readonly "command": string
  readonly "masterUrl": string
  readonly "webUrl": string
}

export type JoinByInvitation = {
  readonly "token": string
  readonly "login": string
  readonly "name": string
  readonly "password": string
}

export type JoinToken = {
  readonly "id": string
  readonly "title": string
  readonly "created": number
  readonly "expires": number
  readonly "state": TokenState
  readonly "computer": string | null
}

export type LogIn = {
  readonly "user": string
  readonly "password": string
  readonly "code"?: string
}

export type LogLines = {
  readonly "offset": number
  readonly "lines": (string)[]
  readonly "next": number
}

export type Me = {
  readonly "person": string
  readonly "login": string
  readonly "name": string
  readonly "email": string
  readonly "memberships": (Membership)[]
  readonly "csrf": string
  readonly "totp": boolean
  readonly "recoveryCodes": number
  readonly "masterUrl": string
  readonly "version": string
}

export type Member = {
  readonly "person": string
  readonly "login": string
  readonly "name": string
  readonly "email": string
  readonly "role": Role
  readonly "since": number
}

export type Membership = {
  readonly "project": string
  readonly "title": string
  readonly "role": Role
}

export type NewApiToken = {
  readonly "title": string
  readonly "scope": "read" | "write" | "admin"
  readonly "project"?: string
  readonly "days": number
}

export type NewFeed = {
  readonly "title": string
}

export type NewInvitation = {
  readonly "role": Role
  readonly "email": string
}

export type NewJoinToken = {
  readonly "title"?: string
  readonly "hours"?: number
}

export type NewNotificationTarget = {
  readonly "kind": "webhook" | "email"
  readonly "target": string
}

export type NewRelease = {
  readonly "url": string
}

export type NewService = {
  readonly "title": string
  readonly "releaseUrl": string
  readonly "softwareType": string
  readonly "shared": boolean
  readonly "parameters": Readonly<Record<string, string>>
  readonly "filter": Readonly<Record<string, string>>
  readonly "project"?: string
}

export type NotificationTarget = {
  readonly "id": string
  readonly "kind": TargetKind
  readonly "target": string
  readonly "enabled": boolean
  readonly "lastSent": number | null
  readonly "lastError": string
  readonly "secret": string
}

export type PartitionItem = {
  readonly "partition": string
  readonly "addresses": (string)[]
  readonly "instance": {
  readonly "reference": string
  readonly "title": string
  readonly "service": string
  readonly "serviceTitle": string
  readonly "status": Status
} | null
}

export type PasswordChange = {
  readonly "current": string
  readonly "next": string
}

export type Problem = {
  readonly "code": string
  readonly "message": string
  readonly "next": string
  readonly "params"?: Readonly<Record<string, unknown>>
}

export type Process = {
  readonly "computer": string
  readonly "computerTitle": string
  readonly "partition": string
  readonly "service": string | null
  readonly "serviceTitle": string
  readonly "name": string
  readonly "state": string
  readonly "pid": number | null
  readonly "since": number
  readonly "restarts": number
}

export type ProcessPage = {
  readonly "items": (Process)[]
  readonly "next": string | null
  readonly "total": number
}

export type Product = {
  readonly "name": string
  readonly "title": string
  readonly "description": string
  readonly "releases": (Release)[]
}

export type PromiseItem = {
  readonly "computer": string
  readonly "computerTitle": string
  readonly "partition": string
  readonly "service": string | null
  readonly "serviceTitle": string
  readonly "name": string
  readonly "ok": boolean
  readonly "message": string
  readonly "checked": number
  readonly "since": number
  readonly "strip": Strip
}

export type PromisePage = {
  readonly "items": (PromiseItem)[]
  readonly "next": string | null
  readonly "total": number
}

export type Release = {
  readonly "url": string
  readonly "product": string
  readonly "productTitle": string
  readonly "version": string
  readonly "description": string
  readonly "added": number
  readonly "servers": number
  readonly "services": number
}

export type Role = "owner" | "manager" | "member"

export type RoleChange = {
  readonly "role": Role
}

export type Scope = "open" | "close/maintenance" | "close/termination" | "close/forever"

export type SearchAnswer = {
  readonly "items": (Subject)[]
}

export type Serialisation = "xml" | "json-in-xml"

export type Server = {
  readonly "computer": string
  readonly "title": string
  readonly "scope": Scope
  readonly "project": string
  readonly "sharedBy": string | null
  readonly "status": Status
  readonly "partitionsStatus": Status
  readonly "partitions": number
  readonly "busy": number
  readonly "contact": number | null
  readonly "created": number
  readonly "address": string
  readonly "agentVersion": string
  readonly "system": string
  readonly "sharing": Sharing
  readonly "sharedWith": (string)[]
  readonly "etag": string
}

export type ServerChange = {
  readonly "title"?: string
  readonly "scope"?: Scope
}

export type ServerItem = {
  readonly "computer": string
  readonly "title": string
  readonly "scope": Scope
  readonly "project": string
  readonly "sharedBy": string | null
  readonly "status": Status
  readonly "partitionsStatus": Status
  readonly "partitions": number
  readonly "busy": number
  readonly "contact": number | null
}

export type ServerPage = {
  readonly "items": (ServerItem)[]
  readonly "next": string | null
  readonly "total": number
}

export type ServerSharing = {
  readonly "sharing": Sharing
  readonly "projects"?: (string)[]
}

export type Service = {
  readonly "reference": string
  readonly "title": string
  readonly "product": string
  readonly "version": string
  readonly "releaseUrl": string
  readonly "softwareType": string
  readonly "shared": boolean
  readonly "desired": State
  readonly "computer": string | null
  readonly "computerTitle": string | null
  readonly "project": string
  readonly "created": number
  readonly "status": Status
  readonly "parameters": Readonly<Record<string, string>>
  readonly "filter": Readonly<Record<string, string>>
  readonly "etag": string
  readonly "connection": Connection
  readonly "instances": (InstanceNode)[]
  readonly "upgrade": {
  readonly "url": string
  readonly "version": string
} | null
  readonly "dependents": ({
  readonly "reference": string
  readonly "title": string
})[]
}

export type ServiceChange = {
  readonly "releaseUrl"?: string
  readonly "softwareType"?: string
  readonly "parameters"?: Readonly<Record<string, string>>
  readonly "filter"?: Readonly<Record<string, string>>
  readonly "state"?: "started" | "stopped"
}

export type ServiceItem = {
  readonly "reference": string
  readonly "title": string
  readonly "product": string
  readonly "version": string
  readonly "releaseUrl": string
  readonly "softwareType": string
  readonly "shared": boolean
  readonly "desired": State
  readonly "computer": string | null
  readonly "computerTitle": string | null
  readonly "project": string
  readonly "created": number
  readonly "status": Status
}

export type ServicePage = {
  readonly "items": (ServiceItem)[]
  readonly "next": string | null
  readonly "total": number
}

export type SessionItem = {
  readonly "id": string
  readonly "created": number
  readonly "used": number
  readonly "expires": number
  readonly "address": string
  readonly "agent": string
  readonly "current": boolean
}

export type Sharing = "project" | "named" | "everybody"

export type SoftwareForm = {
  readonly "id": string
  readonly "softwareType": string
  readonly "title": string
  readonly "description": string
  readonly "shared": boolean
  readonly "index": number
  readonly "serialisation": Serialisation
  readonly "request": unknown
  readonly "response": unknown
  readonly "problem": string | null
}

export type State = "started" | "stopped" | "destroyed"

export type Status = {
  readonly "color": Color
  readonly "word": string
  readonly "reason": string
  readonly "since": number | null
}

export type Strip = {
  readonly "from": number
  readonly "to": number
  readonly "bars": (number | null)[]
  readonly "share": number | null
}

export type Subject = {
  readonly "kind": SubjectKind
  readonly "reference": string
  readonly "title": string
  readonly "parent": string
  readonly "parentTitle": string
  readonly "status": Status
}

export type SubjectKind = "server" | "service" | "installation" | "product"

export type TargetKind = "webhook" | "email"

export type TokenScope = "read" | "write" | "admin"

export type TokenState = "unused" | "used" | "expired" | "revoked"

export type Topology = {
  readonly "servers": ({
  readonly "computer": string
  readonly "title": string
  readonly "sharedBy": string | null
  readonly "status": Status
  readonly "address": string
  readonly "partitions": number
  readonly "busy": number
})[]
  readonly "services": ({
  readonly "reference": string
  readonly "title": string
  readonly "computer": string
  readonly "instances": number
  readonly "status": Status
})[]
  readonly "truncated": boolean
}

export type TotpConfirmed = {
  readonly "recoveryCodes": (string)[]
}

export type TotpSetup = {
  readonly "secret": string
  readonly "url": string
}

export type Usage = {
  readonly "points": ({
  readonly "at": number
  readonly "cpu": number
  readonly "memory": number
  readonly "processes": number
})[]
}

export type ValueKind = "text" | "link" | "lines"

export type Why = {
  readonly "reference": string
  readonly "title": string
  readonly "status": Status
  readonly "text": string
  readonly "facts": ({
  readonly "label": string
  readonly "value": string
})[]
}

export interface paths {
  "/api/v1/session": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': LogIn } }
      responses: { 200: { content: { 'application/json': Me } } }
    }
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Me } } }
    }
    delete: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/sessions": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (SessionItem)[] } } }
    }
  }
  "/api/v1/sessions/{id}": {
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/session/password": {
    put: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': PasswordChange } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/session/profile": {
    put: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': {
  readonly "name": string
  readonly "email": string
} } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/session/totp": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': TotpSetup } } }
    }
    put: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': {
  readonly "code": string
} } }
      responses: { 200: { content: { 'application/json': TotpConfirmed } } }
    }
  }
  "/api/v1/session/totp/disable": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': {
  readonly "password": string
} } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/api-tokens": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (ApiTokenItem)[] } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewApiToken } }
      responses: { 200: { content: { 'application/json': IssuedApiToken } } }
    }
  }
  "/api/v1/api-tokens/{id}": {
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/home": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Home } } }
    }
  }
  "/api/v1/search": {
    get: {
      parameters: { query: { "q": string }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': SearchAnswer } } }
    }
  }
  "/api/v1/topology": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Topology } } }
    }
  }
  "/api/v1/audit": {
    get: {
      parameters: { query?: { "q"?: string; "color"?: string; "sort"?: string; "cursor"?: string; "limit"?: number; "references"?: string; "subject"?: string }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': AuditPage } } }
    }
  }
  "/api/v1/why/{name}": {
    get: {
      parameters: { query?: never; path: { "name": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Why } } }
    }
  }
  "/api/v1/events": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': unknown } } }
    }
  }
  "/api/v1/servers": {
    get: {
      parameters: { query?: { "q"?: string; "color"?: string; "sort"?: string; "cursor"?: string; "limit"?: number; "references"?: string; "shared"?: boolean }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': ServerPage } } }
    }
  }
  "/api/v1/servers/{computer}": {
    get: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Server } } }
    }
    patch: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': ServerChange } }
      responses: { 200: { content: { 'application/json': Server } } }
    }
  }
  "/api/v1/servers/{computer}/sharing": {
    put: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': ServerSharing } }
      responses: { 200: { content: { 'application/json': Server } } }
    }
  }
  "/api/v1/servers/{computer}/partitions": {
    get: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (PartitionItem)[] } } }
    }
  }
  "/api/v1/servers/{computer}/certificates": {
    get: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (CertificateItem)[] } } }
    }
  }
  "/api/v1/servers/{computer}/certificates/revoke": {
    post: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/servers/{computer}/installations": {
    get: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (Installation)[] } } }
    }
    post: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewRelease } }
      responses: { 200: { content: { 'application/json': Installation } } }
    }
  }
  "/api/v1/servers/{computer}/installations/{id}": {
    get: {
      parameters: { query?: never; path: { "computer": string; "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Installation } } }
    }
    delete: {
      parameters: { query?: never; path: { "computer": string; "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/tokens": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (JoinToken)[] } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewJoinToken } }
      responses: { 200: { content: { 'application/json': IssuedJoinToken } } }
    }
  }
  "/api/v1/tokens/{id}": {
    get: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': JoinToken } } }
    }
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/client-certificates": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (CertificateItem)[] } } }
    }
  }
  "/api/v1/client-tokens": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (ClientToken)[] } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': IssuedClientToken } } }
    }
  }
  "/api/v1/client-tokens/{id}": {
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/client-certificates/{fingerprint}": {
    delete: {
      parameters: { query?: never; path: { "fingerprint": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/products": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (Product)[] } } }
    }
  }
  "/api/v1/releases": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewRelease } }
      responses: { 200: { content: { 'application/json': Descriptor } } }
    }
  }
  "/api/v1/descriptor": {
    get: {
      parameters: { query: { "url": string }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Descriptor } } }
    }
  }
  "/api/v1/services": {
    get: {
      parameters: { query?: { "q"?: string; "color"?: string; "sort"?: string; "cursor"?: string; "limit"?: number; "references"?: string; "computer"?: string; "release"?: string }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': ServicePage } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewService } }
      responses: { 200: { content: { 'application/json': Service } } }
    }
  }
  "/api/v1/services/{reference}": {
    get: {
      parameters: { query?: never; path: { "reference": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Service } } }
    }
    put: {
      parameters: { query?: never; path: { "reference": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': ServiceChange } }
      responses: { 200: { content: { 'application/json': Service } } }
    }
  }
  "/api/v1/services/{reference}/versions": {
    get: {
      parameters: { query?: never; path: { "reference": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (EarlierVersion)[] } } }
    }
  }
  "/api/v1/services/{reference}/destroy": {
    post: {
      parameters: { query?: never; path: { "reference": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': Destruction } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/processes": {
    get: {
      parameters: { query?: { "server"?: string; "service"?: string; "cursor"?: string; "limit"?: number }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': ProcessPage } } }
    }
  }
  "/api/v1/promises": {
    get: {
      parameters: { query?: { "server"?: string; "service"?: string; "cursor"?: string; "limit"?: number }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': PromisePage } } }
    }
  }
  "/api/v1/uptime": {
    get: {
      parameters: { query?: { "server"?: string; "service"?: string; "hours"?: number }; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Strip } } }
    }
  }
  "/api/v1/servers/{computer}/usage": {
    get: {
      parameters: { query?: { "partition"?: string; "minutes"?: number }; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Usage } } }
    }
  }
  "/api/v1/servers/{computer}/logs": {
    get: {
      parameters: { query: { "source": string; "offset"?: number; "limit"?: number }; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': LogLines } } }
    }
  }
  "/api/v1/servers/{computer}/commands": {
    post: {
      parameters: { query?: never; path: { "computer": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': Command } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/projects/{project}/members": {
    get: {
      parameters: { query?: never; path: { "project": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (Member)[] } } }
    }
  }
  "/api/v1/projects/{project}/members/{person}": {
    put: {
      parameters: { query?: never; path: { "project": string; "person": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': RoleChange } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
    delete: {
      parameters: { query?: never; path: { "project": string; "person": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/projects/{project}/invitations": {
    get: {
      parameters: { query?: never; path: { "project": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (Invitation)[] } } }
    }
    post: {
      parameters: { query?: never; path: { "project": string }; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewInvitation } }
      responses: { 200: { content: { 'application/json': IssuedInvitation } } }
    }
  }
  "/api/v1/projects/{project}/invitations/{id}": {
    delete: {
      parameters: { query?: never; path: { "project": string; "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/invitation": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': JoinByInvitation } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/session/invitation": {
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': InvitationToken } }
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/notifications": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (NotificationTarget)[] } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewNotificationTarget } }
      responses: { 200: { content: { 'application/json': NotificationTarget } } }
    }
  }
  "/api/v1/notifications/{id}/test": {
    post: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': NotificationTarget } } }
    }
  }
  "/api/v1/notifications/{id}": {
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
  "/api/v1/feeds": {
    get: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': (FeedItem)[] } } }
    }
    post: {
      parameters: { query?: never; path?: never; header?: Record<string, string>; cookie?: never }
      requestBody: { content: { 'application/json': NewFeed } }
      responses: { 200: { content: { 'application/json': IssuedFeed } } }
    }
  }
  "/api/v1/feeds/{id}": {
    delete: {
      parameters: { query?: never; path: { "id": string }; header?: Record<string, string>; cookie?: never }
      requestBody?: never
      responses: { 200: { content: { 'application/json': Done } } }
    }
  }
}
