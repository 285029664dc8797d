// What a person does on the course shop's pages.

import { COURSES } from './servers.mjs';

// Logs in by the page, and sees to be known by name.
export async function logIn(stage, page, user) {
  await page.goto(`${COURSES}/login`);
  await stage.picture(page, 'login');
  await fillLogin(page, user);
  await stage.sees(page, user.username);
}

// Fills in the login form that is open, and sends it.
export async function fillLogin(page, user) {
  const form = page.locator('form').filter({ has: page.getByLabel('密码') });
  await form.getByLabel('用户名').fill(user.username);
  await form.getByLabel('密码').fill(user.password);
  await form.getByRole('button', { name: '登录' }).click();
}

// Opens a course and clicks 立即购买.
export async function buyNow(stage, page, course) {
  await page.goto(`${COURSES}/courses/${course.id}`);
  await stage.sees(page, course.price);
  await stage.picture(page, 'course');
  await page.getByRole('button', { name: '立即购买' }).first().click();
}

// On the result page: waits until the payment is known, and looks at all it must say.
export async function seesSuccess(stage, page, number) {
  await page.waitForURL(url => url.pathname.startsWith('/pay/success'));
  await stage.sees(page, /您已成功购买 1 门课程/);
  await stage.sees(page, '支付结果同步成功');
  await stage.sees(page, number);
  await stage.picture(page, 'paid');
}

// From the result page into the course itself.
export async function beginsLearning(stage, page, course) {
  await page.getByRole('link', { name: '立即学习' }).first().click();
  await page.waitForURL(new RegExp(`/learn/${course.id}`));
  await stage.sees(page, course.name);
  await stage.picture(page, 'lesson');
}

// The list of my orders says this state about this order.
export async function seesOrder(stage, page, number, state) {
  await page.goto(`${COURSES}/orders/${number}`);
  await stage.sees(page, number);
  await stage.sees(page, state);
  await stage.picture(page, 'order');
}

// Cancels the order on its page.
export async function cancels(stage, page, number) {
  await seesOrder(stage, page, number, '未支付');
  await page.getByRole('button', { name: '取消订单' }).first().click();
  // The wish counts at once; the merchant service closes at Alipay behind it.
  await stage.seesAfterReloading(page, '已取消');
  await stage.picture(page, 'cancelled');
}
