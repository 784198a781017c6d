import { mount } from 'svelte'
import App from './App.svelte'
import Profile from './Profile.svelte'
import Token from './Token.svelte'

mount(App, { target: document.body, props: { pages: { '/profile': Profile, '/token': Token } } })
