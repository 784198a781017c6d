/** Grants that new apps must not use. */
export {
  acquireTokenByUsernamePassword,
  type UsernamePasswordRequest,
} from './legacy/username-password.ts'
