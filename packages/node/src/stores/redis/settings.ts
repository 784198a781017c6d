import type { Redis } from './client.ts'

/** Policies that remove no record before its end, or only the records that end first. */
const SAFE = ['noeviction', 'volatile-ttl']

/**
 * Describes settings of Redis that may lose refresh tokens. `INFO` needs no rights of an administrator, unlike `CONFIG GET`; a
 * hosted Redis may refuse it nevertheless, and then nothing is known.
 */
export async function warningsOf(redis: Pick<Redis, 'command'>): Promise<readonly string[]> {
  const info = String(await redis.command('INFO', 'memory').catch(() => ''))
  const fieldOf = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  const [policy, limit] = [fieldOf('maxmemory_policy'), Number(fieldOf('maxmemory'))]
  if (policy === '' || SAFE.includes(policy) || !(limit > 0)) return []
  return [
    `Redis evicts records at ${limit} bytes (maxmemory-policy ${policy}): a session whose refresh token is evicted is lost. Use noeviction or volatile-ttl.`,
  ]
}
