// A bank card at the cashier: its number and phone, then the code from the message.

import * as cashier from './cashier.mjs';
import { newMerchant } from './merchant.mjs';
import * as servers from './servers.mjs';
import { another, readCode } from './wallet.mjs';

// A fresh order, its cashier open, the buyer logged in, at the form for a card.
async function atCard(stage, amount, page) {
  const [merchant, wallet] = [await newMerchant(), await servers.newWallet('1.00')];
  const { number, link } = merchant.pageLink(amount);
  const at = page ?? (await stage.newPage());
  await at.goto(link);
  await cashier.logIn(stage, at, wallet);
  await at.getByRole('link', { name: '用别的银行卡付款' }).click();
  return { merchant, wallet, number, page: at };
}

async function askForCode(page, card, phone = card.phone) {
  await page.getByLabel('卡号').fill(card.card_no);
  await page.getByLabel('银行预留手机号').fill(phone);
  await page.getByRole('button', { name: '获取验证码' }).click();
}

async function sendCode(page, code) {
  await page.getByLabel('短信验证码').fill(code);
  await page.getByRole('button', { name: /^确认付款/ }).click();
}

export const journeys = {
  // Another phone is refused, a wrong code is, the right one pays; the money comes from the card.
  async 'card-pays'(stage) {
    const { merchant, wallet, number, page } = await atCard(stage, '88.00');
    const card = await servers.newCard(wallet, { balance: '100.00' });
    await stage.picture(page, 'card');
    await askForCode(page, card, servers.newPhone());
    await stage.sees(page, /手机号与银行预留的不一致/);
    await stage.picture(page, 'other-phone');
    await askForCode(page, card);
    await stage.sees(page, '验证码已发到');
    await stage.picture(page, 'code');
    const code = await readCode(stage, page, card.phone);
    await sendCode(page, another(code));
    await stage.sees(page, /验证码不对，还可以试 \d 次/);
    await stage.picture(page, 'wrong-code');
    stage.check('nothing is paid yet', (await merchant.status(number)) === 'WAIT_BUYER_PAY');
    await sendCode(page, code);
    await page.waitForURL(url => url.pathname.startsWith('/back/'));
    const notice = await merchant.notice(number, 'TRADE_SUCCESS');
    stage.check('paid by card', JSON.parse(notice.fund_bill_list)[0].fundChannel === 'BANKCARD', notice);
    const { cards } = await servers.lookControl(`accounts/${wallet.logonId}/cards`);
    stage.check('the wallet kept its money', (await servers.balanceOf(wallet)) === '1.00', cards);
  },

  // More than the card holds, and more than a card may spend in a day: neither is paid.
  async 'card-limits'(stage) {
    const { merchant, wallet, number, page } = await atCard(stage, '60000.00');
    const poor = await servers.newCard(wallet, { balance: '5.00' });
    await askForCode(page, poor);
    await sendCode(page, await readCode(stage, page, poor.phone));
    await stage.sees(page, /余额不足|每日限额/);
    const rich = await servers.newCard(wallet, { balance: '90000.00' });
    await page.goto(page.url());
    await askForCode(page, rich);
    await sendCode(page, await readCode(stage, page, rich.phone));
    await stage.sees(page, /超过银行卡每日限额，今天还可以用 50000.00 元/);
    await stage.picture(page, 'day-limit');
    stage.check('nothing is paid', (await merchant.status(number)) === 'WAIT_BUYER_PAY');
    await page.getByRole('link', { name: '换一种方式付款' }).click();
    await stage.sees(page, '余额不足，付不了这笔款');
    await stage.picture(page, 'other-way');
  },
};
