/** The userinfo endpoint, for those who ask it. */
export { type UserInfo, userInfo } from './protocol/user-info.ts'
