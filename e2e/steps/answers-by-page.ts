import type { App } from './app.ts'

/**
 * The provider answers the next request with `login_required`, on a page that redirects by script. A story cannot
 * replace the target of an HTTP redirect.
 */
export const answersByPage = ({ idp }: App, count = 1) =>
  idp.control.addFault({
    endpoint: 'authorization',
    count,
    fault: {
      kind: 'respond',
      status: 200,
      headers: { 'content-type': 'text/html', 'x-frame-options': '' },
      body: `<script>
        const asked = new URLSearchParams(location.search)
        const answer = new URLSearchParams({ error: 'login_required', iss: location.origin, state: asked.get('state') })
        onload = () => setTimeout(() => location.replace(asked.get('redirect_uri') + '#' + answer))
      </script>`,
    },
  })
