// What a test needs, from one place: import {startShop, signIn} from '../harness/index.mjs'.

export * from './browser.mjs';
export * from './client.mjs';
export * from './forms.mjs';
export * from './mail.mjs';
export * from './pdf.mjs';
export * from './picture.mjs';
export * from './shop.mjs';
export * from './wait.mjs';
export * from './totp.mjs';
