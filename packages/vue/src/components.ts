import type { Account } from '@carnet/browser'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import type { AllowedComponentProps, ComponentCustomProps, VNodeProps } from 'vue'
import { defineComponent, watchPostEffect } from 'vue'
import { useIsKept } from './phases.ts'
import { injected } from './plugin.ts'
import { useAccount, useAuth } from './use-auth.ts'

type AnyProps = AllowedComponentProps & ComponentCustomProps & VNodeProps
/** The type of a component. Unlike `DefineComponent`, it is the same in all versions of Vue. */
type Gate<Slots, Props = object> = new () => { $props: AnyProps & Props; $slots: Slots }
type WithAccount = { default?(slot: { account: Account }): unknown }

/** Shows its slot while an account is active. The slot gets the `account`. */
export const SignedIn: Gate<WithAccount> = defineComponent({
  name: 'SignedIn',
  setup(_, { slots }) {
    const account = useAccount()
    return () => account.value && slots.default?.({ account: account.value })
  },
})

/** Shows its slot while no account is active; nothing while the session is unknown. */
export const SignedOut: Gate<{ default?(): unknown }> = defineComponent({
  name: 'SignedOut',
  setup(_, { slots }) {
    const { status } = useAuth()
    return () => status.value === 'signedOut' && slots.default?.()
  },
})

/**
 * Shows its slot while an account is active. Without an account it shows the slot `fallback`, and starts one sign-in. If the
 * sign-in fails, `error` of the snapshot is the reason. A guard of a router is better: it runs before the page is rendered.
 */
export const RequireAccount: Gate<WithAccount & { fallback?(): unknown }, GuardOptions> =
  defineComponent({
    name: 'RequireAccount',
    props: ['interaction', 'returnTo', 'request'],
    setup(props: GuardOptions, { slots }) {
      const { client } = injected()
      const { status, account } = useAuth()
      const isKept = useIsKept()
      watchPostEffect(() => {
        // The snapshot has the error.
        if (status.value === 'signedOut' && !isKept.value)
          requireAccount(client, props)().catch(() => undefined)
      })
      return () =>
        account.value ? slots.default?.({ account: account.value }) : slots.fallback?.()
    },
  })
