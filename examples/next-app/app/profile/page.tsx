import { RequireAccount } from '@carnet/react'
import { Name } from '../session'

export default function Page() {
  return (
    <RequireAccount fallback="Loading">
      Profile of <Name />
    </RequireAccount>
  )
}
