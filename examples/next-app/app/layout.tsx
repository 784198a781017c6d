import Link from 'next/link'
import type { ReactNode } from 'react'
import { Session } from './session'

export const metadata = { title: 'Carnet with Next.js', icons: 'data:,' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/">Home</Link> <Link href="/profile">Profile</Link>
        </nav>
        <Session>{children}</Session>
      </body>
    </html>
  )
}
