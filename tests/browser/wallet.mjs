// A buyer and their wallet.

import * as cashier from './cashier.mjs';
import { newMerchant } from './merchant.mjs';
import * as servers from './servers.mjs';
import { SANDBOX } from './servers.mjs';

const go = (page, path) => page.goto(`${SANDBOX}${path}`);

// Opens the wallet in a browser of its owner.
export async function openWallet(stage, wallet, options) {
  const page = await stage.newPage(options);
  await go(page, '/wallet');
  await fillLogin(page, wallet);
  await stage.sees(page, '账户余额');
  return page;
}

// Fills in Alipay's login form that is open, and sends it.
export async function fillLogin(page, wallet, password = wallet.loginPassword) {
  await page.getByLabel('支付宝账号').fill(wallet.logonId);
  await page.getByLabel('登录密码').fill(password);
  await page.getByRole('button', { name: '下一步' }).click();
}

// The newest code that went to a phone, read on the inbox's page.
export async function readCode(stage, page, phone) {
  const opening = page.context().waitForEvent('page');
  await page.getByRole('link', { name: '打开短信收件箱' }).click();
  const inbox = await opening;
  await stage.sees(inbox, phone);
  await stage.picture(inbox, 'inbox');
  const code = (await inbox.locator('.bills li .num').first().textContent()).trim();
  await inbox.close();
  return code;
}

// A code of six digits that is not this one.
export const another = code => code.replace(/.$/, last => String((Number(last) + 1) % 10));

async function scan(page, address) {
  await go(page, '/wallet');
  await page.getByLabel('付款码的地址').fill(address);
  await page.getByRole('button', { name: '打开付款' }).click();
}

// The wallet's form that is open: an amount and the six digits.
async function sendAmount(page, amount, button, payPassword = '111111') {
  await page.getByLabel('金额（元）').fill(amount);
  await page.getByLabel('支付密码').fill(payPassword);
  await page.getByRole('button', { name: button, exact: true }).click();
}

// The bills, newest first: what, how much, and the balance after it.
async function bills(page) {
  await go(page, '/wallet');
  const rows = await page.locator('.bills li').all();
  const text = (row, which) => row.locator(which).first().textContent();
  return Promise.all(
    rows.map(async row => ({
      what: (await text(row, '.anywhere')).trim(),
      sum: await text(row, '.sum'),
      balance: (await row.locator('.bill-meta span').last().textContent()).replace(/[^\d.]/g, ''),
    })),
  );
}

function seesBills(stage, found, wanted) {
  const short = found.map(({ what, sum, balance }) => `${what} ${sum} ${balance}`);
  stage.check('the bills and the balance after each', JSON.stringify(short) === JSON.stringify(wanted), short);
}

// A transfer on the form for it.
async function give(page, kind, target, amount, { message = '', payPassword = '111111' } = {}) {
  await go(page, '/wallet/give');
  await page.getByLabel(kind).check();
  await page.getByLabel('账号、卡号或手机号').fill(target);
  await page.getByLabel('留言（可不填）').fill(message);
  await sendAmount(page, amount, '确认转账', payPassword);
}

export const journeys = {
  // A wrong login, the right one; a code's address pasted and paid; another refused; the bills.
  async 'wallet-pays'(stage) {
    const [merchant, wallet] = [await newMerchant(), await servers.newWallet('100.00')];
    const page = await stage.newPage();
    await go(page, '/wallet');
    await stage.picture(page, 'login');
    await fillLogin(page, wallet, '999999');
    await stage.sees(page, /密码不对/);
    await stage.picture(page, 'wrong-login');
    await fillLogin(page, wallet);
    await stage.sees(page, '扫一扫');
    await stage.picture(page, 'fresh');

    await scan(page, 'https://shop.example/qr/1');
    await stage.sees(page, '这不是付款码的地址');
    await stage.picture(page, 'no-code');
    const latte = await merchant.precreate('12.50', '一杯拿铁');
    await scan(page, latte.address);
    await stage.sees(page, '一杯拿铁');
    await stage.picture(page, 'scanned');
    await cashier.pay(stage, page, wallet.payPassword);
    await cashier.seesPaid(stage, page);
    await merchant.notice(latte.number, 'TRADE_SUCCESS');

    const cake = await merchant.precreate('30.00', '一块蛋糕');
    await scan(page, cake.address);
    await page.getByRole('button', { name: '取消付款' }).click();
    await stage.sees(page, '已取消付款');
    stage.check('nothing was paid for the cake', (await merchant.status(cake.number)) !== 'TRADE_SUCCESS');
    seesBills(stage, await bills(page), ['一杯拿铁 −12.50 87.50', '充值 +100.00 100.00']);
    await stage.picture(page, 'bills');
    await page.getByRole('button', { name: '退出' }).click();
    await stage.sees(page, '登录支付宝');
  },

  // A card got and a card bound by its code; money in, money out, and a card taken out of the wallet.
  async 'wallet-cards'(stage) {
    const wallet = await servers.newWallet('10.00');
    const page = await openWallet(stage, wallet);
    await go(page, '/wallet/top-up');
    await stage.sees(page, '还没有银行卡');
    await stage.picture(page, 'no-cards');
    await page.getByRole('link', { name: '先领一张测试卡' }).click();
    await page.getByRole('button', { name: '领卡并绑定' }).click();
    await stage.sees(page, /已领到尾号 \d{4} 的银行卡/);

    const card = await servers.newCard(wallet);
    await page.getByLabel('卡号').fill(card.card_no);
    await page.getByLabel('银行预留手机号').last().fill(servers.newPhone());
    await page.getByRole('button', { name: '获取验证码' }).click();
    await stage.sees(page, /手机号与银行预留的不一致/);
    await page.getByLabel('银行预留手机号').last().fill(card.phone);
    await page.getByRole('button', { name: '获取验证码' }).click();
    await stage.sees(page, '输入短信验证码');
    const code = await readCode(stage, page, card.phone);
    await page.getByLabel('验证码', { exact: true }).fill(another(code));
    await page.getByRole('button', { name: '绑定', exact: true }).click();
    await stage.sees(page, /验证码不对，还可以试 \d 次/);
    await stage.picture(page, 'wrong-code');
    await page.getByLabel('验证码', { exact: true }).fill(code);
    await page.getByRole('button', { name: '绑定', exact: true }).click();
    await stage.sees(page, /的银行卡已绑定/);
    await stage.picture(page, 'two-cards');

    await go(page, '/wallet/top-up');
    await page.getByLabel('银行卡').selectOption(card.card_no);
    await sendAmount(page, '100.005', '充值');
    await stage.sees(page, /最多两位小数/);
    await stage.picture(page, 'wrong-amount');
    await sendAmount(page, '100', '充值');
    await stage.sees(page, '已充值 100.00 元');
    await stage.picture(page, 'topped-up');
    await go(page, '/wallet/withdraw');
    await page.getByLabel('银行卡').selectOption(card.card_no);
    await sendAmount(page, '30.50', '提现');
    await stage.sees(page, '已提现 30.50 元');
    await sendAmount(page, '500', '提现');
    await stage.sees(page, '余额不足，没有扣款');
    await stage.picture(page, 'withdrawn');
    seesBills(stage, await bills(page), ['提现 −30.50 79.50', '充值 +100.00 110.00', '充值 +10.00 10.00']);

    await go(page, '/wallet/cards');
    await page.getByRole('button', { name: `解绑尾号 ${card.card_no.slice(-4)}` }).click();
    await stage.sees(page, '已解绑');
    stage.check('one card is left', (await page.locator('.bank-cards li').count()) === 1);
  },

  // To an account at once; to a phone's number, whose owner has no wallet yet and takes it all the same.
  async 'wallet-transfers'(stage) {
    const [wallet, friend] = [await servers.newWallet('100.00'), await servers.newWallet('0.00')];
    const page = await openWallet(stage, wallet);
    await give(page, '支付宝账户', 'nobody@example.com', '5');
    await stage.sees(page, '找不到收款方');
    await stage.picture(page, 'nobody');
    await give(page, '支付宝账户', friend.logonId, '25.00', { message: '午饭' });
    await stage.sees(page, /已到账/);
    stage.check('the friend has it', (await servers.balanceOf(friend)) === '25.00');

    const phone = servers.newPhone();
    await give(page, /^手机号/, phone, '40.00', { message: '生日快乐' });
    await stage.sees(page, '等待收款');
    await stage.picture(page, 'given');
    const { messages } = await servers.lookControl(`messages?phone=${phone}`);
    const address = /https?:\S+/.exec(messages[0].content)[0];
    const theirs = await stage.newPage();
    await theirs.goto(address);
    await stage.sees(theirs, '生日快乐');
    await stage.picture(theirs, 'gift');
    await theirs.getByRole('button', { name: '获取验证码，开通钱包' }).click();
    const code = await readCode(stage, theirs, phone);
    await theirs.getByLabel('验证码', { exact: true }).fill(code);
    await theirs.getByLabel(/^设置登录密码/).fill('my own words');
    await theirs.getByLabel(/^设置支付密码/).fill('246810');
    await stage.picture(theirs, 'opening');
    await theirs.getByRole('button', { name: '开通并收款' }).click();
    await stage.sees(theirs, '账户余额');
    stage.check('it is in the new wallet', (await servers.balanceOf({ logonId: phone })) === '40.00');
    await theirs.goto(address);
    await stage.sees(theirs, '这笔转账已经收了');
    await stage.picture(theirs, 'taken');
    const sums = (await bills(page)).map(({ sum, balance }) => `${sum} ${balance}`);
    stage.check('the balance after each', JSON.stringify(sums) === '["−40.00 35.00","−25.00 75.00","+100.00 100.00"]', sums);
  },

  // A new payment password; a daily limit; and the lock after too many wrong tries.
  async 'wallet-security'(stage) {
    const [wallet, friend] = [await servers.newWallet('100.00'), await servers.newWallet('0.00')];
    const page = await openWallet(stage, wallet);
    await go(page, '/wallet/settings');
    await stage.picture(page, 'settings');
    const section = page.getByRole('region', { name: '修改支付密码' });
    const change = async (old, fresh) => {
      await section.getByLabel('旧支付密码').fill(old);
      await section.getByLabel(/^新支付密码/).fill(fresh);
      await section.getByRole('button', { name: '修改' }).click();
    };
    await change('000000', '246810');
    await stage.sees(page, /密码不对，还可以试 \d 次/);
    await stage.picture(page, 'wrong-old');
    await change('111111', '246810');
    await stage.sees(page, '密码已修改');
    const limit = page.getByRole('region', { name: '每日限额' });
    await limit.getByLabel(/^每天最多/).fill('10');
    await limit.getByLabel('支付密码').fill('246810');
    await limit.getByRole('button', { name: '保存' }).click();
    await stage.sees(page, '限额已保存');
    await stage.picture(page, 'limit');

    await give(page, '支付宝账户', friend.logonId, '10.01', { payPassword: '246810' });
    await stage.sees(page, /今天还可以/);
    await give(page, '支付宝账户', friend.logonId, '10.00', { payPassword: '246810' });
    await stage.sees(page, /已到账/);
    for (const left of [4, 3, 2, 1]) {
      await give(page, '支付宝账户', friend.logonId, '1', { payPassword: '111111' });
      await stage.sees(page, `还可以试 ${left} 次`);
    }
    await give(page, '支付宝账户', friend.logonId, '1', { payPassword: '111111' });
    await stage.sees(page, /密码错误次数过多，请在 .* 之后再试/);
    await stage.picture(page, 'locked');
    await give(page, '支付宝账户', friend.logonId, '1', { payPassword: '246810' });
    await stage.sees(page, /密码错误次数过多/);
    stage.check('nothing moved while it was locked', (await servers.balanceOf(friend)) === '10.00');
  },
};
