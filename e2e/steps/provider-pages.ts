import type { Page } from '@playwright/test'

/** Signs in with one click on the page of the provider. */
export async function signInAtProvider(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Continue as ${name}` }).click()
}

export async function allowAtProvider(page: Page, decline: readonly string[] = []): Promise<void> {
  for (const label of decline) await page.getByLabel(label).uncheck()
  await page.getByRole('button', { name: 'Allow' }).click()
}

export async function denyAtProvider(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Deny' }).click()
}

export async function cancelAtProvider(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cancel' }).click()
}
