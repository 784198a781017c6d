/** The return type of JSON.parse. */
export type Json = string | number | boolean | null | Json[] | JsonObject

export interface JsonObject {
  [name: string]: Json
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Copies `original` with the members of `changes`. A null deletes the member. */
export function overlay(original: JsonObject, changes: JsonObject): JsonObject {
  const kept = Object.entries({ ...original, ...changes }).filter(([, value]) => value !== null)
  return Object.fromEntries(kept)
}
