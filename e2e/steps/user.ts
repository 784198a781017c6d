import type { Page } from '@playwright/test'
import type { World } from '../world.ts'

export function createUser(page: Page, world: World) {
  return { page, world }
}
export type User = ReturnType<typeof createUser>
