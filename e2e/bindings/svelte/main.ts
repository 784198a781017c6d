import { mount } from 'svelte'
import { auth } from '../../../examples/svelte-app/auth.ts'
import Profile from '../../../examples/svelte-app/Profile.svelte'
import MorePages from './MorePages.svelte'
import Report from './Report.svelte'
import Token from './Token.svelte'

Object.assign(window, { auth })

const pages = { '/profile': Profile, '/token': Token, '/report': Report }
for (const target of document.querySelectorAll('.app'))
  mount(MorePages, { target, props: { pages } })
