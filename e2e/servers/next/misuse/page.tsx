import { useAuth } from '@carnet/react'
import { connection } from 'next/server'

/** A mistake: a hook in a server component. */
export default async function Page() {
  await connection()
  return <p>{useAuth().status}</p>
}
