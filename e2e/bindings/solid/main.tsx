/** @jsxImportSource solid-js */
import { AuthProvider } from '@carnet/solid'
import { Router } from '@solidjs/router'
import { render } from 'solid-js/web'
import { auth } from '../../../examples/solid-app/auth.ts'
import { pages } from '../../../examples/solid-app/pages.tsx'
import { MorePages, morePages } from './more-pages.tsx'

Object.assign(window, { auth })

// The pages of the stories come first, because they replace pages of the example.
const routes = [...morePages, ...pages]
for (const element of document.querySelectorAll('.app'))
  render(
    () => (
      <AuthProvider client={auth}>
        <Router root={MorePages}>{routes}</Router>
      </AuthProvider>
    ),
    element,
  )
