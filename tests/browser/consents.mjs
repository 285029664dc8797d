// A login with Alipay: an application asks who somebody is, and its owner says yes or no.

import { newMerchant } from './merchant.mjs';
import * as servers from './servers.mjs';
import { SANDBOX } from './servers.mjs';

function link(merchant, scope, state) {
  const query = new URLSearchParams({ app_id: merchant.app.app_id, scope, redirect_uri: merchant.returnUrl, state });
  return `${SANDBOX}/oauth2/publicAppAuthorize.htm?${query}`;
}

async function atConsent(stage) {
  const [merchant, wallet] = [await newMerchant(), await servers.newWallet('1.00')];
  const page = await stage.newPage();
  await page.goto(link(merchant, 'auth_user', 'cart 7'));
  await stage.sees(page, merchant.app.name);
  await stage.picture(page, 'login');
  await page.getByLabel('支付宝账号').fill(wallet.logonId);
  await page.getByLabel('登录密码').fill(wallet.loginPassword);
  await page.getByRole('button', { name: '下一步' }).click();
  await stage.sees(page, wallet.logonId);
  await stage.sees(page, '您的昵称、性别和所在地');
  await stage.picture(page, 'consent');
  return { merchant, wallet, page };
}

// What the browser carried back to the application.
async function backWith(page) {
  await page.waitForURL(url => url.pathname.startsWith('/back/'));
  return new URL(page.url()).searchParams;
}

export const journeys = {
  // Yes: the browser carries a code back, the code becomes a token, the token tells who it is.
  async 'login-agreed'(stage) {
    const { merchant, wallet, page } = await atConsent(stage);
    await page.getByRole('button', { name: '同意', exact: true }).click();
    const back = await backWith(page);
    stage.check('the state came back', back.get('state') === 'cart 7', `${back}`);
    const ask = { grantType: 'authorization_code', code: back.get('auth_code') };
    const token = await merchant.sdk.exec('alipay.system.oauth.token', ask, { validateSign: true });
    const { user_id } = await servers.lookControl(`accounts/${wallet.logonId}`);
    stage.check('the token is this buyer’s', token.userId === user_id, token);
    const who = await merchant.sdk.exec('alipay.user.info.share', { authToken: token.accessToken }, { validateSign: true });
    stage.check('and tells who it is', who.code === '10000' && who.userId === user_id, who);
    const again = await merchant.sdk.exec('alipay.system.oauth.token', ask).catch(error => error);
    stage.check('a code is good once', !again.accessToken, again);
  },

  // No: the browser comes back without a code, and the question cannot be answered twice.
  async 'login-refused'(stage) {
    const { page } = await atConsent(stage);
    const asked = page.url();
    await page.getByRole('button', { name: '不同意' }).click();
    const back = await backWith(page);
    stage.check('without a code', !back.has('auth_code') && back.get('error') === 'access_denied', `${back}`);
    await page.goto(asked);
    await stage.picture(page, 'over');
    stage.check('the question is over', (await page.getByRole('button', { name: '同意', exact: true }).count()) === 0);
  },
};
