/** The public names of @carnet/angular. */

export { accountGuard } from './account-guard.ts'
export { authInterceptor, CALL_OPTIONS } from './auth-interceptor.ts'
export { type Auth, injectAuth, provideCarnet } from './carnet.ts'
export { RequireAccount, SignedIn, SignedOut } from './directives.ts'
export { injectAccount, injectApi, injectChallenge, injectToken } from './inject.ts'
