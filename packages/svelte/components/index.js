export { default as RequireAccount } from './RequireAccount.svelte'
export { default as SignedIn } from './SignedIn.svelte'
export { default as SignedOut } from './SignedOut.svelte'
