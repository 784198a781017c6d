import { getCurrentInstance, onMounted, type Ref, ref } from 'vue'

/** Returns a ref that is true while Vue hydrates the component, which shows then what the server has shown. */
export function useIsHydrating(): Readonly<Ref<boolean>> {
  // Before `setup`, a component has an element only if Vue hydrates it.
  const isHydrating = ref(getCurrentInstance()?.vnode.el != null)
  if (isHydrating.value) onMounted(() => (isHydrating.value = false))
  return isHydrating
}
