/** Hydrates the page while its second part is still on its way. */
import { createAuthClient } from '@carnet/browser'
import { hydrateRoot } from 'react-dom/client'
import { LatePart, page } from './page.ts'

const { authority = '' } = document.documentElement.dataset
const recovered: string[] = []
Object.assign(window, { recovered })
const auth = createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })
Object.assign(window, { auth })
// The client starts before hydration or during it.
const client = location.search === '?started' ? await auth : auth
const root = document.querySelector('#root')
if (root)
  hydrateRoot(root, page(client, LatePart), {
    onRecoverableError: (error) => recovered.push(`${error}`),
  })
