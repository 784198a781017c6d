import { createCarnet } from '@carnet/vue'
import { createApp } from 'vue'
import { auth } from '../../../examples/vue-app/auth.ts'
import { router } from '../../../examples/vue-app/router.ts'
import MorePages from './MorePages.vue'
import Report from './Report.vue'
import { countRenders, renders } from './renders.ts'
import TokenPage from './TokenPage.vue'

Object.assign(window, { auth, renders })

router.addRoute({ path: '/token', component: TokenPage })
router.addRoute({ path: '/report', component: Report })

for (const element of document.querySelectorAll('.app'))
  countRenders(createApp(MorePages)).use(createCarnet(auth)).use(router).mount(element)
