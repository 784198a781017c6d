import { mount } from 'svelte'
import App from './App.svelte'
import { auth } from './auth.ts'

Object.assign(window, { auth })
for (const target of document.querySelectorAll('.app')) mount(App, { target })
