'use client'
import { restoreRoute } from '@carnet/browser/guards'
import { AuthProvider, useAccount, useAuth } from '@carnet/react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { auth } from './auth'

/** Gives the pages the client. After a sign-in by redirect it goes to the page where the user started. */
export function Session({ children }: { children: ReactNode }) {
  const router = useRouter()
  useEffect(() => restoreRoute(auth, router.replace), [router])
  return <AuthProvider client={auth}>{children}</AuthProvider>
}

export function Name() {
  return useAccount()?.username
}

export function SignIn() {
  const { client, error } = useAuth()
  return (
    <>
      {error && <p role="alert">{error.code}</p>}
      <button onClick={() => client?.signIn().catch(() => undefined)}>Sign in</button>
    </>
  )
}
