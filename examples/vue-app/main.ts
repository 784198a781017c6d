import { createCarnet } from '@carnet/vue'
import { createApp } from 'vue'
import App from './App.vue'
import { auth } from './auth.ts'
import { router } from './router.ts'

createApp(App).use(createCarnet(auth)).use(router).mount('.app')
