/** The first part of the path names the router, so that one build serves all of them, each below its own base path. */
const ROUTERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'react-router': () => import('./react-router.tsx'),
  tanstack: () => import('./tanstack.tsx'),
  'vue-router': () => import('./vue-router.ts'),
}

void ROUTERS[location.pathname.split('/')[1] ?? '']?.()
