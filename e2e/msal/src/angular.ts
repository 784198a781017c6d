/** The app of `@azure/msal-angular` as Vite builds it: the compiler of Angular runs in the page. */
import '@angular/compiler'
import './angular-app.ts'
