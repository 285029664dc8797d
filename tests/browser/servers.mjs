// The servers behind the pages: wallets, the clock, trades and the shop's catalogue, over HTTP.

import { randomInt, randomUUID } from 'node:crypto';

export const COURSES = process.env.TONGBAO_COURSES;
export const SANDBOX = process.env.TONGBAO_SANDBOX;

const LOGIN_PASSWORD = '111111';
const SHOP_PASSWORD = 'journey-9000';

async function call(url, options = {}) {
  const answer = await fetch(url, {
    ...options,
    headers: { 'Content-Type': 'application/json', ...options.headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const post = (url, body, headers) => call(url, { method: 'POST', body: JSON.stringify(body), headers });

// A wallet of the journey's own, so that no journey disturbs another.
export async function newWallet(balance, logonId = `${randomUUID().slice(0, 8)}@example.com`) {
  const wallet = {
    logonId,
    loginPassword: LOGIN_PASSWORD,
    payPassword: LOGIN_PASSWORD,
  };
  await post(`${SANDBOX}/sandbox/v1/accounts`, { logon_id: wallet.logonId, balance });
  return wallet;
}

export async function balanceOf(wallet) {
  return (await call(`${SANDBOX}/sandbox/v1/accounts/${wallet.logonId}`)).balance;
}

// The control API, for what a person does elsewhere.
export const postControl = (path, body) => post(`${SANDBOX}/sandbox/v1/${path}`, body);
export const lookControl = path => call(`${SANDBOX}/sandbox/v1/${path}`);

// A phone number that nobody has.
export const newPhone = () => `13${String(randomInt(1_000_000_000)).padStart(9, '0')}`;

// A card that a bank gave out, in nobody's wallet unless `bound`.
export async function newCard(wallet, body = {}) {
  const phone = newPhone();
  return postControl(`accounts/${wallet.logonId}/cards`, { phone, bank: 'CMB', bound: false, ...body });
}

export function trade(number) {
  return call(`${SANDBOX}/sandbox/v1/trades/${number}`);
}

// Moves the business clock; everything that is due has run when this comes back.
export function advance(ms) {
  return post(`${SANDBOX}/sandbox/v1/clock`, { advance_ms: ms });
}

// A user of the shop, made over its API; the journey logs in by the page.
export async function newUser() {
  const user = { username: `u${randomUUID().slice(0, 8)}`, password: SHOP_PASSWORD };
  const answer = await post(`${COURSES}/user/register/`, user);
  return { ...user, token: answer.token };
}

// The shop's orders of that user, newest first.
export async function ordersOf(user) {
  const answer = await call(`${COURSES}/order/`, { headers: { Authorization: `jwt ${user.token}` } });
  return Array.isArray(answer) ? answer : answer.results;
}

// A course that costs something, from the catalogue.
export async function pricedCourse(at = 0) {
  const list = await call(`${COURSES}/course/free/?page_size=100`);
  return list.results.filter(course => Number(course.price) > 0)[at];
}
