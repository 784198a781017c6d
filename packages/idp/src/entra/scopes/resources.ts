/** A resource server: an API that accepts access tokens. */
export interface Resource {
  /** The prefixes of its scopes, without the slash. All identifiers name the same resource. */
  readonly identifiers: readonly [string, ...string[]]
  readonly name: string
  /** The `aud` of its tokens. Default: the identifier in the spelling of the client. */
  readonly audience?: string
  readonly scopes: Readonly<Record<string, Scope>>
}

interface Scope {
  /** The text on the consent page. */
  readonly label: string
  /** True if only administrators can grant the scope. */
  readonly isForAdmins?: boolean
}

export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'
export const API_APP_ID = '33333333-aaaa-4aaa-8aaa-000000000003'

export const graph: Resource = {
  identifiers: ['https://graph.microsoft.com', GRAPH_APP_ID],
  name: 'Microsoft Graph',
  audience: GRAPH_APP_ID,
  scopes: {
    'User.Read': { label: 'Sign you in and read your profile' },
    'Mail.Read': { label: 'Read your mail' },
    'Mail.Send': { label: 'Send mail as you' },
    'Calendars.Read': { label: 'Read your calendars' },
    'Calendars.ReadWrite': { label: 'Have full access to your calendars' },
    'Directory.Read.All': { label: 'Read directory data', isForAdmins: true },
  },
}

const api: Resource = {
  identifiers: [`api://${API_APP_ID}`, API_APP_ID],
  name: 'Contoso API',
  scopes: {
    'api.read': { label: 'Read data of the Contoso API' },
    'api.write': { label: 'Change data of the Contoso API' },
  },
}

const management: Resource = {
  // Clients usually use the identifier with the slash. Its scope then has two slashes, and `aud` has one.
  identifiers: ['https://management.core.windows.net/', 'https://management.core.windows.net'],
  name: 'Azure Service Management',
  scopes: { user_impersonation: { label: 'Manage Azure resources as you' } },
}

const resources: readonly Resource[] = [graph, api, management]

export const resourceOf = (identifier: string): Resource | undefined =>
  resources.find(({ identifiers }) => identifiers.includes(identifier.toLowerCase())) ??
  numberedApi(identifier.toLowerCase())

/** As many further APIs as a test needs: `api://api-<number>`, each with the scope `access`. */
const numberedApi = (identifier: string): Resource | undefined =>
  /^api:\/\/api-\d+$/.test(identifier)
    ? {
        identifiers: [identifier],
        name: identifier,
        scopes: { access: { label: `Use ${identifier}` } },
      }
    : undefined

/** The scopes behind `.default` for clients without `apiPermissions`. */
export const defaultPermissions: readonly string[] = [
  'User.Read',
  `api://${API_APP_ID}/api.read`,
  'https://management.core.windows.net//user_impersonation',
]
