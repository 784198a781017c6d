import { blockedByPolicy, watchPolicy } from '../platform/own-policy.ts'
import { type KeeperMessage, type KeeperQuestion, TO_SERVICE_WORKER } from './messages.ts'

/** The limit for the start of a worker, which loads its file over the network. */
const START_WITHIN_MS = 5000

/** The limit for the sign of life of a worker that other pages use too. */
export const ALIVE_WITHIN_MS = 2000

/** The connection of this page to a worker. */
export interface Line {
  post(question: KeeperQuestion): void
  /** Ends a worker of this page, or the connection to a worker that other pages use too. */
  close(): void
}

/** True for a worker that goes on when this page ends. */
export const isShared = (worker: Worker | SharedWorker): worker is SharedWorker => 'port' in worker

/** Connects to a worker, and waits until it is ready. @throws If the worker cannot start. */
export function openLine(
  createWorker: () => Worker | SharedWorker,
  hear: (message: KeeperMessage) => void,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    const policy = watchPolicy('worker-src', () => true)
    const worker = createWorker()
    const end = isShared(worker) ? worker.port : worker
    const line: Line = {
      post: (question) => end.postMessage(question),
      close: () => (isShared(worker) ? worker.port.close() : worker.terminate()),
    }
    const fail = (error: Error) => {
      policy.stop()
      line.close()
      reject(error)
    }
    const patience = setTimeout(
      () => fail(new Error(`The worker did not start within ${START_WITHIN_MS} ms.`)),
      START_WITHIN_MS,
    )
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      clearTimeout(patience)
      void policy.hasRefused().then((isRefused) => {
        const { message = '' } = event as Partial<ErrorEvent>
        const failure = new Error(message || 'The worker could not be loaded.')
        fail(isRefused ? blockedByPolicy('worker-src', 'the worker', failure) : failure)
      })
    })
    end.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<KeeperMessage>
      if (data.type !== 'ready') return hear(data)
      clearTimeout(patience)
      policy.stop()
      resolve(line)
    })
    if (isShared(worker)) worker.port.start()
  })
}

/** Connects to the service worker of the app, and waits until it answers. @throws If it does not answer within `limitMs`. */
export function openServiceLine(
  register: () => Promise<ServiceWorkerRegistration>,
  hear: (message: KeeperMessage) => void,
  limitMs = START_WITHIN_MS,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    const failsAfter = (ms: number) =>
      setTimeout(() => reject(new Error(`The service worker did not answer within ${ms} ms.`)), ms)
    failsAfter(limitMs)
    const open = async () => {
      const worker = await activeIn(await register())
      failsAfter(ALIVE_WITHIN_MS)
      const postFor = (onAnswer: typeof hear) => (question: KeeperQuestion) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => onAnswer(data)
        worker.postMessage({ [TO_SERVICE_WORKER]: question }, [port2])
      }
      const line = { post: postFor(hear), close: () => undefined }
      // The active worker may be an earlier one of the app, without Carnet.
      postFor(() => resolve(line))({ id: 0, handle: '' })
    }
    open().catch(reject)
  })
}

function activeIn(registration: ServiceWorkerRegistration): Promise<ServiceWorker> {
  return new Promise((resolve) => {
    const worker = registration.installing ?? registration.waiting
    const look = () => registration.active && resolve(registration.active)
    worker?.addEventListener('statechange', look)
    look()
  })
}
