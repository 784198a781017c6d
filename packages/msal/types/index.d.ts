/** The types of `@azure/msal-browser`, which this package stands in for. The tests compare the values with them. */
export * from '@azure/msal-browser'
