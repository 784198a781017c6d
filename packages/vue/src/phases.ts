import {
  getCurrentInstance,
  getCurrentScope,
  onActivated,
  onDeactivated,
  onMounted,
  type Ref,
  ref,
} from 'vue'

/** Returns a ref that is true while Vue hydrates the component, which shows then what the server has shown. */
export function useIsHydrating(): Readonly<Ref<boolean>> {
  // Before `setup`, a component has an element only if Vue hydrates it.
  const isHydrating = ref(!!getCurrentInstance()?.vnode.el)
  if (isHydrating.value) onMounted(() => (isHydrating.value = false))
  return isHydrating
}

/** Returns a ref that is true while `<KeepAlive>` keeps the component, but does not show it. */
export function useIsKept(): Readonly<Ref<boolean>> {
  const isKept = ref(false)
  const component = getCurrentInstance() as { scope?: unknown } | null
  // The `setup` of a component may create a store, which has a scope of its own and outlives the component.
  if (component && component.scope === getCurrentScope()) {
    onActivated(() => (isKept.value = false))
    onDeactivated(() => (isKept.value = true))
  }
  return isKept
}
