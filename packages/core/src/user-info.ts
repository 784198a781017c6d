/** Optional client of the userinfo endpoint. */
export { type UserInfo, userInfo } from './protocol/user-info.ts'
