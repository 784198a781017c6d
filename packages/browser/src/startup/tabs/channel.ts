import type { FirstPage } from '../page/first-page.ts'
import { openBroadcast } from './broadcast.ts'
import type { TabMessage } from './tab-message.ts'

export interface TabChannel<Message = TabMessage> {
  post(message: Message): void
  close(): void
}

/**
 * Opens the channel of a group (`groupOf`): the tabs that share a cache and a partition. A message would evict a page from the
 * back-forward cache. So the channel closes when the page enters that cache, and opens again when the page leaves it.
 */
export function openTabChannel<Message = TabMessage>(
  group: string,
  onMessage: (data: unknown) => void,
  page?: Pick<FirstPage, 'onStored' | 'onRestored'>,
): TabChannel<Message> {
  let channel: BroadcastChannel | undefined
  const close = () => {
    channel?.close()
    channel = undefined
  }
  const open = () => {
    close()
    channel = openBroadcast(`carnet|${group}`)
    channel?.addEventListener('message', ({ data }) => onMessage(data))
  }
  open()
  const stopListening = [page?.onStored(close), page?.onRestored(open)]
  return {
    post: (message) => channel?.postMessage(message),
    close() {
      for (const stop of stopListening) stop?.()
      close()
    },
  }
}
