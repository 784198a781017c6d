/** @jsxImportSource solid-js */
import { AuthProvider } from '@carnet/solid'
import { Router } from '@solidjs/router'
import { render } from 'solid-js/web'
import { auth } from './auth.ts'
import { pages, Shell } from './pages.tsx'

const app = () => (
  <AuthProvider client={auth}>
    <Router root={Shell}>{pages}</Router>
  </AuthProvider>
)
render(app, document.body)
