import { repository } from './run.mjs'

/** The framework bindings with an example app, `examples/<name>-app`. The suite in `e2e/stories/bindings` drives each of them. */
export const BINDING_APPS = ['react', 'vue', 'svelte', 'solid', 'angular']

/** The app of the documents. */
export const folderOfExample = (name) => `${repository}/examples/${name}-app`

/** The pages of the routers that have no example: `e2e/bindings/routers`, one page for each router below its own path. */
export const ROUTERS = ['react-router', 'tanstack', 'vue-router']

/** The app that the suite drives: it imports the modules of the example, and adds the pages that only the suite needs. */
export const folderOfApp = (name) => `${repository}/e2e/bindings/${name}`
