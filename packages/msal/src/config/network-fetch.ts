import type { INetworkModule } from '@azure/msal-common/browser'

/** Sends a request to the provider by the network client of the app (`system.networkClient`). */
export async function networkFetch(client: INetworkModule, request: Request): Promise<Response> {
  const headers = Object.fromEntries(request.headers)
  const answer =
    request.method === 'POST'
      ? await client.sendPostRequestAsync(request.url, { headers, body: await request.text() })
      : await client.sendGetRequestAsync(request.url, { headers })
  return new Response(JSON.stringify(answer.body), {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...withoutCoding(answer.headers) },
  })
}

/** The headers of the answer. Its body is decoded already, so that length and coding have changed. */
const withoutCoding = (headers: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^content-(length|encoding|type)$/i.test(name)),
  )
