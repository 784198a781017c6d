import { describe, expect, test } from 'vitest'
import { useFederatedEntra } from '../testing/windows.ts'
import type { Negotiate } from './negotiate.ts'

const { ticketOf, entra, signIn } = useFederatedEntra()

describe('the Kerberos token', () => {
  const fails =
    (message: string): Negotiate =>
    () =>
      Promise.reject(new Error(message))
  test.each([
    ['No Kerberos credentials available (default cache: FILE:/x)', 'kerberos_ticket_missing'],
    ['SEC_E_NO_CREDENTIALS', 'kerberos_ticket_missing'],
    ['Ticket expired', 'kerberos_ticket_missing'],
    ['Server not found in Kerberos database', 'kerberos_spn_unknown'],
    ['The specified target is unknown or unreachable', 'kerberos_spn_unknown'],
    ['Clock skew too great', 'kerberos_clock_skew'],
    ['Cannot contact any KDC for realm "X"', 'network_error'],
    ['Something else', 'kerberos_failed'],
  ])('"%s" is the error %s', async (message, code) => {
    await expect(signIn({ negotiate: fails(message) })).rejects.toMatchObject({
      code,
      hint: expect.any(String),
      cause: { message },
    })
  })

  test('a function that returns no token, or never returns, ends with an error', async () => {
    for (const wrong of [undefined, '', 'not base64!', { token: 'Negotiate abc=' }, 7])
      await expect(signIn({ negotiate: (() => wrong) as never })).rejects.toMatchObject({
        code: 'kerberos_failed',
      })
    const never = () => new Promise<never>(() => undefined)
    await expect(signIn({ negotiate: never }, { requestTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('the server is named by the host of the endpoint, or by the app', async () => {
    const spns: string[] = []
    const noted: Negotiate = (spn) => {
      spns.push(spn)
      return ticketOf('alice@CARNET.TEST')()
    }
    await signIn({ negotiate: noted })
    await signIn({ negotiate: noted, spn: 'HTTP/sts.contoso.com' })
    expect(spns).toEqual(['HTTP/127.0.0.1', 'HTTP/sts.contoso.com'])
  })

  test('principals of other realms, other tenants and no user get no assertion', async () => {
    for (const name of ['alice@OTHER.TEST', 'carol@CARNET.TEST', 'nobody@CARNET.TEST'])
      await expect(signIn({ negotiate: ticketOf(name) })).rejects.toMatchObject({
        code: 'federation_refused',
      })
    expect((await entra.counts()).token).toBe(0)
  })

  test('a token that is used again is refused, and a wrong proof of the server too', async () => {
    const token = ticketOf('alice@CARNET.TEST')()
    await signIn({ negotiate: () => token })
    await expect(signIn({ negotiate: () => token })).rejects.toMatchObject({
      code: 'kerberos_refused',
    })
    const proofs: string[] = []
    const verify = (answer: string) => {
      proofs.push(answer)
      throw new Error('Wrong proof')
    }
    const other = ticketOf('alice@CARNET.TEST')()
    await expect(signIn({ negotiate: () => ({ token: other, verify }) })).rejects.toMatchObject({
      code: 'kerberos_refused',
      cause: { message: 'Wrong proof' },
    })
    expect(proofs).toEqual([Buffer.from('proof').toString('base64')])
  })
})
