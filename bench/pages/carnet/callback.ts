import '@carnet/browser/callback'
