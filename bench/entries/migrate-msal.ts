import { migrateFromMsal } from '@carnet/browser/migrate-msal'

/** An app that moves the sessions of @azure/msal-browser. */
export async function app(): Promise<void> {
  await migrateFromMsal({ clientId: 'spa', authority: 'https://login.example.com/' })
}
void app()
