// At the counter: the merchant reads the code on the buyer's phone; a large amount waits for the buyer's word.

import * as cashier from './cashier.mjs';
import { newMerchant } from './merchant.mjs';
import * as servers from './servers.mjs';
import { openWallet } from './wallet.mjs';

// The wallet with its code open, and the code as the merchant's scanner reads it.
async function atCounter(stage) {
  const [merchant, wallet] = [await newMerchant(), await servers.newWallet('5000.00')];
  const page = await openWallet(stage, wallet);
  await page.getByRole('link', { name: '付款码' }).click();
  await stage.sees(page, '向商家付款');
  for (const which of ['.code-bars svg', '.qr svg']) await page.locator(which).waitFor({ state: 'visible' });
  await stage.picture(page, 'code');
  return { merchant, wallet, page, authCode: await readBars(stage, page) };
}

async function readBars(stage, page) {
  const digits = (await page.locator('.mono[lang=zxx]').textContent()).replaceAll(' ', '');
  stage.check('eighteen digits', /^28\d{16}$/.test(digits), digits);
  return digits;
}

function charge(merchant, authCode, amount, number = merchant.number()) {
  const biz = { outTradeNo: number, totalAmount: amount, subject: '一台咖啡机', scene: 'bar_code', authCode };
  const beside = { notifyUrl: merchant.notifyUrl };
  return merchant.call('alipay.trade.pay', biz, beside).then(answer => ({ answer, number }));
}

export const journeys = {
  // Up to the free amount nobody is asked; above it the phone asks by itself, and the buyer says yes.
  async 'barcode-confirm'(stage) {
    const { merchant, wallet, page, authCode } = await atCounter(stage);
    const small = await charge(merchant, authCode, '8.00');
    stage.check('a small amount is paid at once', small.answer.code === '10000', small.answer);
    await page.getByRole('link', { name: '刷新付款码' }).click();
    await page.waitForFunction(old => !document.querySelector('.mono[lang=zxx]').textContent.replaceAll(' ', '').includes(old), authCode);
    const large = await charge(merchant, await readBars(stage, page), '1999.00');
    stage.check('a large one waits', large.answer.code === '10003', large.answer);
    // The page asks by itself, without a hand on it.
    await stage.sees(page, '等待你确认');
    await stage.sees(page, '一台咖啡机');
    await stage.picture(page, 'asked');
    await page.getByRole('button', { name: '确认并输入支付密码' }).click();
    await cashier.pay(stage, page, wallet.payPassword);
    await cashier.seesPaid(stage, page);
    await merchant.notice(large.number, 'TRADE_SUCCESS');
    stage.check('a query says so', (await merchant.status(large.number)) === 'TRADE_SUCCESS');
    stage.check('both left the wallet', (await servers.balanceOf(wallet)) === '2993.00');
  },

  // The buyer says no: the merchant's query goes on waiting, and its cancel closes the trade.
  async 'barcode-refuse'(stage) {
    const { merchant, wallet, page, authCode } = await atCounter(stage);
    const { answer, number } = await charge(merchant, authCode, '3000.00');
    stage.check('it waits', answer.code === '10003', answer);
    await stage.sees(page, '等待你确认');
    await page.getByRole('button', { name: '拒绝付款' }).click();
    await page.getByText('等待你确认').waitFor({ state: 'detached' });
    await stage.picture(page, 'refused');
    stage.check('not paid', (await merchant.status(number)) === 'WAIT_BUYER_PAY');
    const cancelled = await merchant.call('alipay.trade.cancel', { outTradeNo: number });
    stage.check('the cancel closes it', cancelled.action === 'close' && cancelled.retryFlag === 'N', cancelled);
    stage.check('closed', (await merchant.status(number)) === 'TRADE_CLOSED');
    stage.check('no money left', (await servers.balanceOf(wallet)) === '5000.00');
  },
};
