import type { Account } from '@carnet/browser'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import { defineComponent, onMounted, type PropType, type SlotsType, watchEffect } from 'vue'
import { useIsActive } from './phases.ts'
import { injected } from './plugin.ts'
import { useAccount, useAuth } from './use-auth.ts'

/** Shows its slot while an account is active. The slot gets the `account`. */
export const SignedIn = defineComponent({
  name: 'SignedIn',
  slots: Object as SlotsType<{ default: { account: Account } }>,
  setup(_, { slots }) {
    const account = useAccount()
    return () => account.value && slots.default?.({ account: account.value })
  },
})

/** Shows its slot while no account is active; nothing while the session is unknown. */
export const SignedOut = defineComponent({
  name: 'SignedOut',
  setup(_, { slots }) {
    const { status } = useAuth()
    return () => (status.value === 'signedOut' ? slots.default?.() : null)
  },
})

/**
 * Shows its slot while an account is active. Without an account it shows the slot `fallback`, and starts one sign-in. If the
 * sign-in fails, `error` of the snapshot is the reason. A guard of a router is better: it runs before the page is rendered.
 */
export const RequireAccount = defineComponent({
  name: 'RequireAccount',
  props: {
    /** Default `redirect`. `popup` works within a few seconds after a click; `none` starts no sign-in. */
    interaction: String as PropType<GuardOptions['interaction']>,
    /** The URL after the sign-in. Default: the current URL. */
    returnTo: String,
    /** Further fields of the sign-in. */
    request: Object as PropType<GuardOptions['request']>,
  },
  slots: Object as SlotsType<{ default: { account: Account }; fallback: object }>,
  setup(props, { slots }) {
    const { client } = injected()
    const { status, account } = useAuth()
    const isActive = useIsActive()
    const signIn = () => {
      const needsUser = isActive.value && status.value === 'signedOut'
      if (!needsUser || props.interaction === 'none') return
      // The snapshot has the error.
      requireAccount(client, props)().catch(() => undefined)
    }
    onMounted(() => watchEffect(signIn))
    return () =>
      account.value ? slots.default?.({ account: account.value }) : slots.fallback?.({})
  },
})
