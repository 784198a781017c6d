import { AuthError } from '@carnet/browser'
import { requireAccount } from '@carnet/browser/guards'
import {
  createAsync,
  createMemoryHistory,
  MemoryRouter,
  type RouteDefinition,
  type RoutePreloadFuncArgs,
  type RouteSectionProps,
  usePreloadRoute,
} from '@solidjs/router'
import { createComponent, ErrorBoundary, type JSX, Suspense } from 'solid-js'
import { render } from 'solid-js/web'
import { afterEach, expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'

const alice = personNamed('alice')
const TARGET = '/profile?x=1#part'

let dispose: (() => void) | undefined
afterEach(() => dispose?.())

/** Shows an app whose page `/profile` has the guard of the documents. */
function show(first: string, redirectError: AuthError | null = null) {
  const fake = createFakeAuth(redirectError)
  const guard = requireAccount(fake.auth)
  const history = createMemoryHistory()
  history.set({ value: first })
  let preload = (_: string) => {}
  function Home(): JSX.Element {
    const preloadRoute = usePreloadRoute()
    preload = (path) => preloadRoute(path, { preloadData: true })
    return 'home'
  }
  function Profile(props: RouteSectionProps): JSX.Element {
    const account = createAsync(() => props.data as ReturnType<typeof guard>)
    return (() => `Profile of ${account()?.username}`) as unknown as JSX.Element
  }
  const routes: RouteDefinition[] = [
    { path: '/', component: Home },
    {
      path: '/profile',
      component: Profile,
      preload: ({ location, intent }: RoutePreloadFuncArgs) =>
        intent !== 'preload' && guard(location.pathname + location.search + location.hash),
    },
  ]
  const Root = (props: RouteSectionProps) =>
    createComponent(ErrorBoundary, {
      fallback: (error) => error.code,
      get children() {
        return createComponent(Suspense, {
          fallback: 'waits',
          get children() {
            return props.children
          },
        })
      },
    })
  const root = document.createElement('main')
  dispose = render(
    () => createComponent(MemoryRouter, { history, root: Root, children: routes as never }),
    root,
  )
  return {
    ...fake,
    history,
    text: () => root.textContent,
    preload: (path: string) => preload(path),
  }
}

test('a link under the pointer starts no sign-in, and a visit returns to its target', async () => {
  const page = show('/')
  expect(page.text()).toBe('home')
  page.preload(TARGET)
  await new Promise((resolve) => setTimeout(resolve))
  expect(page.signIns).toEqual([])
  page.history.set({ value: TARGET })
  await vi.waitFor(() => expect(page.signIns).toHaveLength(1))
  expect(page.signIns[0]?.request.returnTo).toBe(location.origin + TARGET)
  expect(page.text()).toBe('home')
  page.signIns[0]?.resolve(alice)
  await vi.waitFor(() => expect(page.text()).toBe('Profile of alice'))
})

test('a deep link starts one sign-in, and waits for it', async () => {
  const page = show(TARGET)
  await vi.waitFor(() => expect(page.signIns).toHaveLength(1))
  expect(page.signIns[0]?.request.returnTo).toBe(location.origin + TARGET)
  expect(page.text()).toBe('waits')
})

test('an error boundary gets the error of a cancelled sign-in', async () => {
  const here = location.pathname + location.search
  history.replaceState(history.state, '', TARGET)
  const page = show(TARGET, new AuthError('access_denied', 'The user cancelled.'))
  await vi.waitFor(() => expect(page.text()).toBe('access_denied'))
  history.replaceState(history.state, '', here)
  expect(page.signIns).toEqual([])
})
