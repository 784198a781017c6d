/** A service worker of an app, from before the app added Carnet to it. */
addEventListener('message', () => undefined)
