// What a person does on Alipay's pages.

// The cashier shows what is paid for and how much.
export async function seesOrder(stage, page, course) {
  await page.waitForURL(/\/cashier\//);
  await stage.sees(page, course.name);
  await stage.sees(page, course.price);
  await stage.picture(page, 'cashier');
}

// Opens the wallet in this browser, and sees its balance beside the amount.
export async function logIn(stage, page, wallet) {
  await page.getByLabel('支付宝账号').fill(wallet.logonId);
  await page.getByLabel('登录密码').fill(wallet.loginPassword);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.waitForURL(/\/cashier\/[^/]+\/pay/);
  await stage.sees(page, wallet.logonId);
  await stage.sees(page, '账户余额');
  await stage.picture(page, 'confirm');
}

// Types the six digits and pays.
export async function pay(stage, page, payPassword) {
  await page.getByLabel('支付密码').fill(payPassword);
  await stage.picture(page, 'six-digits');
  await page.getByRole('button', { name: '确认付款' }).click();
}

// Alipay's own word that it is paid; it leads back to the shop by itself.
export async function seesPaid(stage, page) {
  await stage.sees(page, '付款成功');
  await stage.picture(page, 'alipay-paid');
}

// The address behind the QR code, which is also offered as a link.
export async function qrAddress(stage, page) {
  await page.getByRole('img', { name: /二维码/ }).first().waitFor({ state: 'visible' });
  const link = page.getByRole('link', { name: '在新窗口里当作手机打开' });
  return link.getAttribute('href');
}

// Leaves without paying, and goes back to the shop.
export async function leave(stage, page) {
  await page.getByRole('button', { name: '取消付款' }).click();
  await stage.sees(page, '已取消付款');
  await stage.picture(page, 'left');
  await page.getByRole('link', { name: '返回商家' }).click();
}

export async function seesWrongPassword(stage, page) {
  await stage.sees(page, /支付密码不对，还可以试 \d+ 次/);
  await stage.picture(page, 'wrong-password');
}

// The balance is too small, and says so before and after somebody tries all the same.
export async function seesTooPoor(stage, page, wallet) {
  await stage.sees(page, /余额不足/);
  await pay(stage, page, wallet.payPassword);
  await stage.sees(page, /余额不足.*没有扣款/);
  await stage.picture(page, 'too-poor');
}

export async function seesClosed(stage, page, words = /交易已(超时)?关闭/) {
  await stage.sees(page, words);
  await stage.picture(page, 'closed');
}

export async function seesAlreadyPaid(stage, page) {
  await stage.sees(page, '这笔订单已经付过款');
  await stage.picture(page, 'already-paid');
}
