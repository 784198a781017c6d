import { type AccessTokenRecord, type CallTrace, OUTCOME, STEP } from '@carnet/core'
import { NO_DETAILS } from '../cache/owner-details.ts'
import type { Runtime } from '../context/runtime.ts'
import { readDetails, readStoredDetails } from './owner-details.ts'
import type { ServiceOwner, ServiceQuery } from './service-query.ts'

/** Creates the reads of a client, which are the shortest way to a token that another machine has stored. */
export function createStoreReads(runtime: Runtime) {
  const { memory, platform } = runtime

  const detailsOf = async ({ type, id }: ServiceOwner, read = readDetails) =>
    type === 'app' ? NO_DETAILS : ((await read(runtime, id)) ?? NO_DETAILS)

  return {
    /** The details of an owner, from memory or from the store. */
    detailsOf: (owner: ServiceOwner) => detailsOf(owner),
    /**
     * Reads the token and the details of its owner at once.
     *
     * @param held The token, if memory has it.
     */
    async fromStore(query: ServiceQuery, held: AccessTokenRecord | undefined, trace: CallTrace) {
      const sinceMs = trace.now()
      const reading = held ?? memory.findByKey(query, platform.now())
      // The details in memory may be about the user of an earlier token.
      const readingDetails = detailsOf(query.owner, held ? readDetails : readStoredDetails)
      const record = await reading
      if (!record) return undefined
      trace.note(STEP.memory, held ? OUTCOME.hit : OUTCOME.miss, sinceMs)
      if (!held) trace.note(STEP.store, OUTCOME.hit, sinceMs)
      const details = await readingDetails
      // Memory keeps the details of an owner only beside a token, which may have come later.
      if (details !== NO_DETAILS) memory.noteDetails(query.owner.id, details)
      return { record, fromCache: true, details }
    },
  }
}
