import { createHash } from 'node:crypto'

/** A Lua script. Redis runs a script atomically. */
export interface Script {
  readonly text: string
  readonly sha: string
}

const script = (text: string): Script => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
})

/**
 * A record is a string: its tags and expiry as a JSON array, a line break, and its value. A tag is a set of record keys. The
 * set lives at least as long as its records. Entries whose records are gone are removed when a search meets them.
 */
const HELPERS = `
local function head(stored) return cjson.decode(string.match(stored, '^[^\\n]*')) end
local function unlink(key, tagPrefix)
  local stored = redis.call('GET', key)
  if not stored then return false end
  for _, tag in ipairs(head(stored)[1]) do redis.call('SREM', tagPrefix .. tag, key) end
  redis.call('DEL', key)
  return true
end
local function link(set, key, ttl)
  redis.call('SADD', set, key)
  local left = redis.call('PTTL', set)
  if left < ttl then redis.call('PEXPIRE', set, ttl) end
end
`

/** KEYS: the record of the condition or none. ARGV: the write as JSON, the channel, the prefix of messages. */
export const WRITE = script(`${HELPERS}
local write = cjson.decode(ARGV[1])
if write.onlyIf then
  local stored = redis.call('GET', write.onlyIf.key)
  if not stored then return 0 end
  if write.onlyIf.tag then
    local isMeant = false
    for _, tag in ipairs(head(stored)[1]) do if tag == write.onlyIf.tag then isMeant = true end end
    if not isMeant then return 0 end
  end
end
local changed = {}
local function note(key, sign) changed[key] = sign end
for _, change in ipairs(write.changes) do
  if change.type == 'put' then
    unlink(change.key, change.tagPrefix)
    redis.call('SET', change.key, change.stored, 'PX', change.ttl)
    for _, tag in ipairs(change.tags) do link(change.tagPrefix .. tag, change.key, change.ttl) end
    note(change.key, '+')
  elseif change.type == 'delete' then
    if unlink(change.key, change.tagPrefix) then note(change.key, '-') end
  else
    for _, key in ipairs(redis.call('SMEMBERS', change.tagPrefix .. change.tag)) do
      if unlink(key, change.tagPrefix) then note(key, '-') end
    end
    redis.call('DEL', change.tagPrefix .. change.tag)
  end
end
local lines = {}
for key, sign in pairs(changed) do lines[#lines + 1] = sign .. key end
if #lines > 0 then redis.call('PUBLISH', ARGV[2], ARGV[3] .. table.concat(lines, '\\n')) end
return 1
`)

/** KEYS: the set of a tag. Returns the records and their keys, alternating. */
export const FIND = script(`
local keys = redis.call('SMEMBERS', KEYS[1])
if #keys == 0 then return {} end
local found = {}
for _, key in ipairs(keys) do
  local stored = redis.call('GET', key)
  if stored then
    found[#found + 1] = key
    found[#found + 1] = stored
  else
    redis.call('SREM', KEYS[1], key)
  end
end
return found
`)

/** KEYS: a record. ARGV: the prefix of its tags, the channel, the prefix of messages. Returns the record and deletes it. */
export const TAKE = script(`${HELPERS}
local stored = redis.call('GET', KEYS[1])
if not stored then return false end
unlink(KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. '-' .. KEYS[1])
return stored
`)

/** KEYS: a record. ARGV: the prefix of its tags, a time in milliseconds. Deletes the record if it expired before. */
export const PRUNE = script(`${HELPERS}
local stored = redis.call('GET', KEYS[1])
if stored and head(stored)[2] < tonumber(ARGV[2]) then unlink(KEYS[1], ARGV[1]) end
return 1
`)

/** KEYS: a lock. ARGV: its owner, milliseconds. Extends a lock that the owner still holds. */
export const EXTEND = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`)

/** KEYS: a lock. ARGV: its owner, the channel, the message. Releases a lock that the owner still holds. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
`)
