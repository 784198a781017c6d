/** The public names of @carnet/oidc-client: the names of oidc-client-ts 3. */

export type {
  AccessTokenCallback,
  AsyncStorage,
  CreateSigninRequestArgs,
  CreateSignoutRequestArgs,
  ExtraHeader,
  ExtraSignInSilentArgs,
  ExtraSigninRequestArgs,
  ExtraSignoutRequestArgs,
  IdTokenClaims,
  IFrameWindowParams,
  ILogger,
  INavigator,
  IWindow,
  JwtClaims,
  NavigateParams,
  NavigateResponse,
  OidcAddressClaim,
  OidcClientSettings,
  OidcMetadata,
  OidcStandardClaims,
  PopupWindowFeatures,
  PopupWindowParams,
  ProcessResourceOwnerPasswordCredentialsArgs,
  QuerySessionStatusArgs,
  RedirectParams,
  RefreshState,
  RevokeTokensTypes,
  SessionStatus,
  SigningKey,
  SigninPopupArgs,
  SigninRedirectArgs,
  SigninRequest,
  SigninRequestCreateArgs,
  SigninResourceOwnerCredentialsArgs,
  SigninSilentArgs,
  SigninStateArgs,
  SigninStateCreateArgs,
  SignoutPopupArgs,
  SignoutRedirectArgs,
  SignoutRequest,
  SignoutRequestArgs,
  SignoutSilentArgs,
  SilentRenewErrorCallback,
  StateStore,
  UseRefreshTokenArgs,
  UserLoadedCallback,
  UserManagerSettings,
  UserProfile,
  UserSessionChangedCallback,
  UserSignedInCallback,
  UserSignedOutCallback,
  UserUnloadedCallback,
} from 'oidc-client-ts'
export { MetadataService } from './metadata-service.ts'
export { OidcClient } from './oidc-client.ts'
export { UserManager } from './user-manager.ts'
export {
  CheckSessionIFrame,
  DPoPState,
  IndexedDbDPoPStore,
  SessionMonitor,
} from './values/empty-classes.ts'
export { ErrorResponse, ErrorTimeout } from './values/errors.ts'
export { Log, Logger } from './values/log.ts'
export { SigninResponse, SignoutResponse } from './values/responses.ts'
export { OidcClientSettingsStore, UserManagerSettingsStore } from './values/settings.ts'
export { SigninState, State } from './values/states.ts'
export { InMemoryWebStorage, WebStorageStateStore } from './values/stores.ts'
export { AccessTokenEvents } from './values/token-events.ts'
export { User } from './values/user.ts'
export { Version } from './values/version.ts'
