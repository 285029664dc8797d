// Whoever builds against the sandbox, at its console.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { newMerchant, sdkOf } from './merchant.mjs';
import * as servers from './servers.mjs';
import { SANDBOX } from './servers.mjs';

const HOUR_MS = 3_600_000;

const go = (page, path) => page.goto(`${SANDBOX}${path}`);

// A pair of keys of somebody's own.
function newKeys() {
  const pem = { format: 'pem' };
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', ...pem },
    privateKeyEncoding: { type: 'pkcs8', ...pem },
  });
}

// The trade's page, found as a person finds it.
async function openTrade(page, number) {
  await go(page, '/trades');
  await page.getByLabel('商户订单号').fill(number);
  await page.getByRole('button', { name: '筛选' }).click();
  await page.getByRole('rowheader').filter({ hasText: number }).getByRole('link').click();
  await page.waitForURL(/\/trades\/[^?]+$/);
}

async function choose(page, label, value) {
  await page.getByLabel(label, { exact: true }).selectOption(value);
}

// Sets the fault dial for one application.
async function addFault(page, what, app, times = '1') {
  await choose(page, '什么出错', what);
  await choose(page, '应用', app.app_id);
  await page.getByLabel('最多几次').fill(times);
  await page.getByRole('button', { name: '加上故障' }).click();
}

export const journeys = {
  // An application of one's own: made with a pasted key, Alipay's key downloaded, a call that both verify.
  async 'console-application'(stage) {
    const page = await stage.newPage();
    await go(page, '/');
    await stage.sees(page, '支付宝沙箱');
    await stage.picture(page, 'overview');
    await page.getByRole('link', { name: '密钥和设置' }).click();
    await page.waitForURL(/\/apps$/);
    const keys = newKeys();
    const name = `a${Date.now().toString(36)}${stage.screen}`;
    await page.getByLabel(/^名称/).fill(name);
    await page.getByLabel(/^应用公钥/).fill(keys.publicKey);
    await stage.picture(page, 'new');
    await page.getByRole('button', { name: '新建', exact: true }).click();
    await stage.sees(page, '应用已经建好');
    await stage.picture(page, 'made');

    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'alipay_public_key.pem' }).click();
    const alipayKey = readFileSync(await (await arriving).path(), 'utf8');
    const shown = await page.locator('details[open] pre').first().textContent();
    const bare = text => text.replace(/-----[A-Z ]+-----|\s/g, '');
    stage.check('what is downloaded is what is shown', bare(alipayKey) === bare(shown), shown);
    const app_id = new URL(page.url()).pathname.split('/').pop();
    const sdk = sdkOf({ app_id, app_private_key: keys.privateKey, alipay_public_key: alipayKey });
    const ask = () => sdk.exec('alipay.trade.query', { bizContent: { outTradeNo: 'none' } }, { validateSign: true });
    const answer = await ask();
    stage.check('a call with that pair is understood', answer.subCode === 'ACQ.TRADE_NOT_EXIST', answer);

    await page.getByLabel(/换成自己的应用公钥/).fill('no key at all');
    await page.getByRole('button', { name: '更换应用公钥' }).click();
    await stage.sees(page, '这不是 RSA 公钥');
    await stage.picture(page, 'no-key');
    await page.getByLabel(/换成自己的应用公钥/).fill(newKeys().publicKey);
    await page.getByRole('button', { name: '更换应用公钥' }).click();
    await stage.sees(page, '应用公钥已经更换');
    const refused = await sdk.exec('alipay.trade.query', { bizContent: { outTradeNo: 'none' } });
    stage.check('the old pair is refused', refused.subCode === 'isv.invalid-signature', refused);

    await choose(page, '公钥还是证书', { index: 1 });
    await page.getByRole('button', { name: '保存设置' }).click();
    await stage.sees(page, '设置已经保存');
    await page.getByRole('button', { name: '生成新的密钥' }).click();
    await stage.sees(page, '设置已经保存');
    await stage.picture(page, 'set');
  },

  // A trade from its order to its notices: the buyer played, a try that is not taken, the clock moved to the next.
  async 'console-trade'(stage) {
    const [merchant, wallet] = [await newMerchant(), await servers.newWallet('100.00')];
    merchant.answer = 'fail';
    const { number } = await merchant.precreate('12.34', '一杯手冲咖啡');
    const page = await stage.newPage();
    await openTrade(page, number);
    await stage.sees(page, '一杯手冲咖啡');
    await stage.picture(page, 'waiting');
    await page.getByLabel('买家的登录账号').fill('nobody@example.com');
    await page.getByRole('button', { name: '付款', exact: true }).click();
    await stage.sees(page, '没有这个登录账号');
    await page.getByLabel('买家的登录账号').fill(wallet.logonId);
    await page.getByRole('button', { name: '付款', exact: true }).click();
    await stage.sees(page, '已经代买家付款');
    await stage.sees(page, '付款成功');
    await merchant.notice(number, 'TRADE_SUCCESS');
    await stage.seesAfterReloading(page, /^(200 )?fail$/);
    await stage.picture(page, 'first-try');

    merchant.answer = 'success';
    await go(page, '/lab');
    await page.getByRole('button', { name: '到下一个通知' }).click();
    await stage.sees(page, '时钟已经拨动');
    await openTrade(page, number);
    const tries = page.getByRole('row').filter({ has: page.locator('td .tag') });
    await stage.seesAfterReloading(page, /^success$/);
    stage.check('both tries are shown', (await page.locator('article tbody tr').count()) === 2, await tries.allTextContents());
    await stage.picture(page, 'second-try');
    await page.getByRole('button', { name: '再发一次' }).click();
    await stage.sees(page, '通知已经再发一次');
    stage.check('the same notice, three times', new Set(merchant.notices.map(one => one.notify_id)).size === 1 && merchant.notices.length === 3);

    await page.getByRole('link', { name: 'alipay.trade.precreate' }).click();
    await stage.sees(page, '收到的原文');
    await page.getByText('读出的参数').click();
    await stage.sees(page, '一杯手冲咖啡');
    await stage.picture(page, 'request');
    await go(page, '/notices');
    await stage.sees(page, number);
    await stage.picture(page, 'notices');
    await go(page, '/trades');
    await stage.picture(page, 'trades');
  },

  // An hour passes; a fault is dialled, struck, seen and taken away.
  async 'console-lab'(stage) {
    const merchant = await newMerchant();
    const page = await stage.newPage();
    await go(page, '/lab');
    await stage.picture(page, 'lab');
    const before = Date.parse((await servers.lookControl('clock')).now);
    await page.getByRole('button', { name: '过 1 小时' }).click();
    await stage.sees(page, '时钟已经拨动');
    const passed = Date.parse((await servers.lookControl('clock')).now) - before;
    stage.check('an hour went by', passed >= HOUR_MS && passed < HOUR_MS + 60_000, `${passed}`);

    await addFault(page, 'unavailable', merchant.app, '0');
    await stage.sees(page, '没有设置');
    await addFault(page, 'unavailable', merchant.app);
    await stage.sees(page, '故障开关已经设置');
    const answer = await merchant.call('alipay.trade.query', { outTradeNo: 'any' });
    stage.check('the fault strikes', answer.code === '20000', answer);
    const again = await merchant.call('alipay.trade.query', { outTradeNo: 'any' });
    stage.check('once', again.code === '40004', again);
    await go(page, '/lab');
    await stage.sees(page, '最近命中');
    await stage.picture(page, 'struck');
    await page.getByRole('link', { name: '看这次调用' }).first().click();
    await stage.sees(page, 'alipay.trade.query');
    await stage.picture(page, 'struck-call');
    await go(page, '/lab');
    await page.getByRole('button', { name: '全部关掉' }).click();
    await stage.sees(page, '现在一切正常');
  },

  // A call signed with another's key: the list of refused ones, and the doctor's words.
  async 'console-refused'(stage) {
    const merchant = await newMerchant();
    const wrong = sdkOf({ ...merchant.app, app_private_key: newKeys().privateKey });
    const answer = await wrong.exec('alipay.trade.query', { bizContent: { outTradeNo: 'R1' } });
    stage.check('it is refused', answer.subCode === 'isv.invalid-signature', answer);
    const page = await stage.newPage();
    await go(page, '/requests');
    await page.getByLabel('只看被拒绝的').check();
    await page.getByRole('button', { name: '筛选' }).click();
    await page.waitForURL(/refused=1/);
    await stage.picture(page, 'refused-ones');
    await page.getByRole('link', { name: 'alipay.trade.query' }).first().click();
    await stage.sees(page, '哪里不对，怎么改');
    await stage.sees(page, /公钥|密钥/);
    await stage.sees(page, '网关用来验签的字符串');
    await stage.picture(page, 'doctor');
  },

  // Whose money is where, and that it is all there.
  async 'console-books'(stage) {
    const [merchant, wallet] = [await newMerchant(), await servers.newWallet('50.00')];
    const { number } = await merchant.precreate('20.00');
    await servers.postControl(`trades/${number}/pay`, { buyer_logon_id: wallet.logonId });
    const page = await stage.newPage();
    await go(page, '/accounts');
    const row = page.getByRole('row').filter({ hasText: wallet.logonId });
    for (let more = page.getByRole('link', { name: '下一页' }); !(await row.count()) && (await more.count()); ) await more.click();
    await row.getByText('¥30.00').waitFor();
    await stage.picture(page, 'accounts');
    await go(page, '/books');
    await stage.sees(page, '账是平的');
    await stage.picture(page, 'books');
    await go(page, '/trades/none');
    await stage.picture(page, 'nothing');
  },
};
