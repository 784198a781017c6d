/** Lets the provider's cookies into an iframe of another site, where the browser allows any. */
export const crossSite = { httpOnly: true, sameSite: 'none', secure: true } as const
