// From the shop to Alipay's cashier and back, with everything that can go wrong.

import * as cashier from './cashier.mjs';
import * as servers from './servers.mjs';
import * as shop from './shop.mjs';

const HOUR_MS = 3_600_000;

// A fresh user at the cashier with a fresh order.
async function atCashier(stage, { balance = '1000.00' } = {}) {
  const wallet = await servers.newWallet(balance);
  const user = await servers.newUser();
  const course = await servers.pricedCourse();
  const page = await stage.newPage();
  await shop.logIn(stage, page, user);
  await shop.buyNow(stage, page, course);
  await cashier.seesOrder(stage, page, course);
  const [order] = await servers.ordersOf(user);
  return { wallet, user, course, page, number: order.out_trade_no };
}

async function isPaidOnce(stage, { user, wallet, course, number }, balance = 1000) {
  const orders = await servers.ordersOf(user);
  stage.check('one order, paid', orders.length === 1 && orders[0].order_status === 1, orders);
  stage.check('that order', orders[0].out_trade_no === number, orders);
  const left = Number(await servers.balanceOf(wallet));
  stage.check('the price left the wallet', Math.abs(left - (balance - Number(course.price))) < 0.001, `${left}`);
}

async function isUnpaid(stage, { user, wallet }, balance) {
  const orders = await servers.ordersOf(user);
  stage.check('the order is not paid', orders.every(order => order.order_status !== 1), orders);
  stage.check('no money left the wallet', Number(await servers.balanceOf(wallet)) === balance);
}

export const journeys = {
  // Log in at the cashier, pay, come back, learn.
  async 'buy-by-login'(stage) {
    const all = await atCashier(stage);
    const { page, wallet, course, number } = all;
    await cashier.logIn(stage, page, wallet);
    await cashier.pay(stage, page, wallet.payPassword);
    await shop.seesSuccess(stage, page, number);
    await shop.beginsLearning(stage, page, course);
    await shop.seesOrder(stage, page, number, '已支付');
    await isPaidOnce(stage, all);
  },

  // Open the QR code's address in another browser, as one's phone would; the cashier notices.
  async 'buy-by-qr'(stage) {
    const all = await atCashier(stage);
    const { page, wallet, course, number } = all;
    const address = await cashier.qrAddress(stage, page);
    const phone = await stage.newPage({ screen: 'phone' });
    await phone.goto(address);
    await cashier.seesOrder(stage, phone, course);
    await cashier.logIn(stage, phone, wallet);
    await cashier.pay(stage, phone, wallet.payPassword);
    await cashier.seesPaid(stage, phone);
    await shop.seesSuccess(stage, page, number);
    await isPaidOnce(stage, all);
  },

  // Leave the cashier without paying, cancel the order in the shop; a desktop's old link is dead.
  async cancelled(stage) {
    const all = await atCashier(stage);
    const { page, wallet, number } = all;
    const link = page.url();
    if (stage.screen === 'phone') await cashier.logIn(stage, page, wallet);
    await cashier.leave(stage, page);
    await shop.cancels(stage, page, number);
    // A phone's trade begins when the buyer confirms: until then Alipay has nothing to close.
    if (stage.screen === 'desktop') {
      await page.goto(link);
      await cashier.seesClosed(stage, page, '交易已关闭');
    }
    await isUnpaid(stage, all, 1000);
  },

  // The cashier stands open while the order's time runs out.
  async expired(stage) {
    const all = await atCashier(stage);
    const { page, wallet, number } = all;
    const link = page.url();
    await servers.advance(26 * HOUR_MS);
    // The page with the code notices by itself; a phone's page is opened again.
    if (stage.screen === 'phone') await page.goto(link);
    await cashier.seesClosed(stage, page);
    await shop.seesOrder(stage, page, number, '超时取消');
    await isUnpaid(stage, { ...all, wallet }, 1000);
  },

  // A mistyped payment password is no end: the right one pays.
  async 'wrong-password'(stage) {
    const all = await atCashier(stage);
    const { page, wallet, number } = all;
    await cashier.logIn(stage, page, wallet);
    await cashier.pay(stage, page, '000000');
    await cashier.seesWrongPassword(stage, page);
    await isUnpaid(stage, all, 1000);
    await cashier.pay(stage, page, wallet.payPassword);
    await shop.seesSuccess(stage, page, number);
    await isPaidOnce(stage, all);
  },

  // Not enough money in the wallet.
  async 'poor-wallet'(stage) {
    const all = await atCashier(stage, { balance: '0.01' });
    const { page, wallet } = all;
    await cashier.logIn(stage, page, wallet);
    await cashier.seesTooPoor(stage, page, wallet);
    await isUnpaid(stage, all, 0.01);
  },

  // The paid order's link opened again: nothing can be paid twice.
  async 'paid-again'(stage) {
    const all = await atCashier(stage);
    const { page, wallet, number } = all;
    const link = page.url();
    await cashier.logIn(stage, page, wallet);
    await cashier.pay(stage, page, wallet.payPassword);
    await shop.seesSuccess(stage, page, number);
    await page.goto(link);
    await cashier.seesAlreadyPaid(stage, page);
    await isPaidOnce(stage, all);
  },

  // 立即购买 without a login: 请先登录!, then back to the course.
  async 'not-logged-in'(stage) {
    const user = await servers.newUser();
    const course = await servers.pricedCourse(1);
    const page = await stage.newPage();
    await shop.buyNow(stage, page, course);
    await stage.sees(page, '请先登录');
    await stage.picture(page, 'login-first');
    await shop.fillLogin(page, user);
    await page.waitForURL(url => url.pathname === `/courses/${course.id}`);
    await stage.sees(page, course.name);
    stage.check('nothing was ordered', (await servers.ordersOf(user)).length === 0);
  },
};

// A phone needs no code to scan, so the desktop's cashier is made narrow instead.
journeys['buy-by-qr'].screens = ['desktop', 'narrow'];
