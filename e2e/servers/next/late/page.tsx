import { SignedIn, SignedOut } from '@carnet/react'
import { connection } from 'next/server'
import { Suspense } from 'react'

/** Arrives when the story lets it. */
async function Late() {
  await connection()
  await fetch(process.env.LATE_PARTS ?? '')
  return (
    <section>
      <SignedIn>late, signed in</SignedIn>
      <SignedOut>late, signed out</SignedOut>
    </section>
  )
}

export default function Page() {
  return (
    <>
      <h1>
        <SignedIn>signed in</SignedIn>
        <SignedOut>signed out</SignedOut>
      </h1>
      <Suspense fallback="waits">
        <Late />
      </Suspense>
    </>
  )
}
