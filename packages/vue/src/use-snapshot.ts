import { type Snapshot, unknownSnapshot } from '@carnet/browser/snapshot'
import {
  getCurrentInstance,
  onBeforeMount,
  onMounted,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
} from 'vue'
import { injected } from './plugin.ts'

/** The snapshot of the client as a ref. It follows the client until the component, or the effect scope, ends. */
export function useSnapshot(): Readonly<ShallowRef<Snapshot>> {
  const { source } = injected()
  const component = getCurrentInstance()
  // Before `setup`, a component has an element only if Vue hydrates it: then it shows what the server has shown.
  const isHydrating = component?.vnode.el != null
  const snapshot = shallowRef(isHydrating ? unknownSnapshot : source.snapshot())
  const update = () => {
    snapshot.value = source.snapshot()
  }
  let stop: (() => void) | undefined
  const listen = () => {
    stop = source.subscribe(update)
  }
  if (component) {
    // A server calls neither hook, so a component that it renders leaves no listener.
    onBeforeMount(listen)
    onMounted(update)
  } else listen()
  onScopeDispose(() => stop?.())
  return snapshot
}
