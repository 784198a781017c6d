import { accountLoad } from '@carnet/svelte/kit'
import { navigating } from '$app/state'
import { auth } from '$lib/auth.js'

export const load = accountLoad(auth, navigating)
