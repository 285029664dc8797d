// Questions that are no payment: who somebody is, and whether a shop may take money by itself.

import { newMerchant } from './merchant.mjs';
import * as servers from './servers.mjs';
import { SANDBOX } from './servers.mjs';
import { fillLogin } from './wallet.mjs';

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
  await fillLogin(page, wallet);
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

// Terms of once a month, from the next first on, fifteen yuan at most. (A month's day is the 28th at most.)
async function terms(merchant) {
  const { now } = await servers.lookControl('clock');
  const today = new Date(Date.parse(now) + 8 * 3_600_000);
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1));
  const executeTime = first.toISOString().slice(0, 10);
  return {
    productCode: 'CYCLE_PAY_AUTH',
    personalProductCode: 'CYCLE_PAY_AUTH_P',
    signScene: 'INDUSTRY|DIGITAL_MEDIA',
    externalAgreementNo: merchant.number(),
    accessParams: { channel: 'ALIPAYAPP' },
    periodRuleParams: { periodType: 'MONTH', period: 1, executeTime, singleAmount: '15.00' },
  };
}

export const journeys = {
  // An error that names a field within a field fits a phone, and so does the text that was to be signed. (Its title is
  // Alipay's own, in Chinese for everybody.)
  async 'agreement-wrong-terms'(stage) {
    const merchant = await newMerchant();
    const bizContent = await terms(merchant);
    bizContent.periodRuleParams.executeTime = '1999-01-01';
    const link = merchant.sdk.pageExecute('alipay.user.agreement.page.sign', 'GET', { bizContent });
    const page = await stage.newPage({ locale: 'en-US' });
    await page.goto(link);
    await stage.sees(page, /period_rule_params\.execute_time has passed/);
    await stage.shot(page, 'field');
    await page.goto(`${link}&more=1`);
    await stage.sees(page, 'invalid-signature');
    await stage.shot(page, 'signature');
  },

  // Deductions are agreed to with the six digits; the wallet lists what was agreed to, and ends it.
  async 'agreement-signed'(stage) {
    const [merchant, wallet] = [await newMerchant(), await servers.newWallet('50.00')];
    const bizContent = await terms(merchant);
    const page = await stage.newPage();
    const beside = { notifyUrl: merchant.notifyUrl, bizContent };
    await page.goto(merchant.sdk.pageExecute('alipay.user.agreement.page.sign', 'GET', beside));
    await stage.picture(page, 'login');
    await fillLogin(page, wallet);
    await stage.sees(page, '签约代扣协议');
    await stage.picture(page, 'terms');
    await page.getByLabel('支付密码').fill('000000');
    await page.getByRole('button', { name: '同意并签约' }).click();
    await stage.sees(page, /支付密码不对，还可以试 \d 次/);
    await stage.picture(page, 'wrong-password');
    await page.getByLabel('支付密码').fill(wallet.payPassword);
    await page.getByRole('button', { name: '同意并签约' }).click();
    await stage.sees(page, '签约成功');
    await stage.picture(page, 'signed');
    const ask = {
      externalAgreementNo: bizContent.externalAgreementNo,
      personalProductCode: bizContent.personalProductCode,
      signScene: bizContent.signScene,
    };
    const query = () => merchant.call('alipay.user.agreement.query', ask);
    const signed = await query();
    stage.check('the merchant finds it', signed.status === 'NORMAL', signed);

    await page.goto(`${SANDBOX}/wallet`);
    await page.getByRole('link', { name: '协议' }).click();
    await stage.sees(page, bizContent.externalAgreementNo);
    await stage.picture(page, 'list');
    await page.getByRole('button', { name: '解约' }).click();
    await page.getByRole('button', { name: '解约' }).waitFor({ state: 'detached' });
    await stage.picture(page, 'ended');
    const ended = await query();
    stage.check('it holds no more', ended.status !== 'NORMAL', ended);
  },

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
    // The wallet lists who may log its owner in; what is taken back there logs nobody in.
    await page.goto(`${SANDBOX}/wallet`);
    await page.getByRole('link', { name: '授权管理' }).click();
    await stage.sees(page, merchant.app.app_id);
    await stage.picture(page, 'authorisations');
    await page.getByRole('button', { name: '取消授权' }).click();
    await stage.sees(page, '已取消授权');
    await stage.picture(page, 'taken-back');
    const after = await merchant.sdk.exec('alipay.user.info.share', { authToken: token.accessToken });
    stage.check('the token is refused', after.subCode === 'aop.invalid-auth-token', after);
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
