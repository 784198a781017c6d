/** The framework bindings with an example app, `examples/<name>-app`. The suite in `e2e/stories/bindings` drives each of them. */
export const BINDING_APPS = ['react', 'vue', 'svelte', 'solid', 'angular']
