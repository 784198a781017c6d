import type { Account } from '@carnet/browser'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import { defineComponent, onMounted, type PropType, type SlotsType, watch } from 'vue'
import { injected } from './plugin.ts'
import { useSnapshot } from './use-snapshot.ts'

type WithAccount = SlotsType<{ default: { account: Account } }>

/** Shows its slot while an account is active. The slot gets the `account`. */
export const SignedIn = defineComponent({
  name: 'SignedIn',
  slots: Object as WithAccount,
  setup(_, { slots }) {
    const snapshot = useSnapshot()
    return () => {
      const { account } = snapshot.value
      return account && slots.default?.({ account })
    }
  },
})

/** Shows its slot while no account is active; nothing while the session is unknown. */
export const SignedOut = defineComponent({
  name: 'SignedOut',
  setup(_, { slots }) {
    const snapshot = useSnapshot()
    return () => (snapshot.value.status === 'signedOut' ? slots.default?.() : null)
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
    const snapshot = useSnapshot()
    const signIn = () => {
      if (snapshot.value.status !== 'signedOut' || props.interaction === 'none') return
      // The snapshot has the error.
      requireAccount(client, props)().catch(() => undefined)
    }
    onMounted(() => watch(() => snapshot.value.status, signIn, { immediate: true }))
    return () => {
      const { account } = snapshot.value
      return account ? slots.default?.({ account }) : slots.fallback?.({})
    }
  },
})
