// A merchant with an application of its own: it calls by the npm SDK, unmodified, and is told by notices.

import { createPrivateKey, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { AlipaySdk } from 'alipay-sdk';

import { SANDBOX, postControl } from './servers.mjs';

const NOTICE_LIMIT_MS = 15_000;

// Where all merchants are told, and where buyers come back to: one server, a path for each.
let server;
const merchants = new Map();

async function receiver() {
  if (!server) {
    server = createServer((request, answer) => {
      const parts = [];
      request.on('data', part => parts.push(part));
      request.on('end', () => {
        const [, what, name] = new URL(request.url, 'http://localhost').pathname.split('/');
        const merchant = merchants.get(name);
        if (what === 'notify' && merchant) {
          answer.end(merchant.hear(Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()))));
          return;
        }
        answer.setHeader('Content-Type', 'text/html; charset=utf-8');
        answer.end('<!doctype html><html lang="zh-CN"><title>商家</title><h1>回到商家</h1></html>');
      });
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  }
  return `http://127.0.0.1:${server.address().port}`;
}

export function closeReceiver() {
  server?.close();
  server?.closeAllConnections();
}

export class Merchant {
  constructor(app, origin) {
    this.app = app;
    this.notifyUrl = `${origin}/notify/${app.name}`;
    this.returnUrl = `${origin}/back/${app.name}`;
    this.notices = [];
    this.waiting = new Set();
    this.answer = 'success';
    this.sdk = sdkOf(app);
  }

  hear(fields) {
    this.notices.push(fields);
    for (const look of this.waiting) look();
    return this.answer;
  }

  // A call whose answer the SDK verified.
  call(method, bizContent, beside = {}) {
    return this.sdk.exec(method, { ...beside, bizContent }, { validateSign: true });
  }

  // A fresh order number.
  number() {
    return randomUUID().replaceAll('-', '');
  }

  // An order to scan; hands back its number and the address in its code.
  async precreate(amount, subject = '一杯拿铁', beside = {}) {
    const number = this.number();
    const notify = { notifyUrl: this.notifyUrl, ...beside };
    const biz = { outTradeNo: number, totalAmount: amount, subject };
    const answer = await this.call('alipay.trade.precreate', biz, notify);
    return { number, address: answer.qrCode };
  }

  // A link to the cashier.
  pageLink(amount, subject = '一本书') {
    const number = this.number();
    const biz = { outTradeNo: number, totalAmount: amount, subject, productCode: 'FAST_INSTANT_TRADE_PAY' };
    const beside = { notifyUrl: this.notifyUrl, returnUrl: this.returnUrl };
    return { number, link: this.sdk.pageExecute('alipay.trade.page.pay', 'GET', { ...beside, bizContent: biz }) };
  }

  async status(number) {
    return (await this.call('alipay.trade.query', { outTradeNo: number })).tradeStatus;
  }

  // The notice about that order, once it is there, whose signature the SDK's own function finds good.
  async notice(number, status) {
    const fits = fields => fields.out_trade_no === number && fields.trade_status === status;
    const fields = await this.wait(() => this.notices.find(fits));
    if (!this.sdk.checkNotifySignV2({ ...fields })) throw new Error(`the SDK does not believe ${JSON.stringify(fields)}`);
    return fields;
  }

  wait(find) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found) settle(resolve, found);
      };
      const settle = (end, value) => {
        clearTimeout(timer);
        this.waiting.delete(look);
        end(value);
      };
      const late = () => settle(reject, new Error(`no such notice within ${NOTICE_LIMIT_MS} ms`));
      const timer = setTimeout(late, NOTICE_LIMIT_MS);
      this.waiting.add(look);
      look();
    });
  }
}

// The SDK for an application, as the control API describes it; it wants PKCS#1.
export function sdkOf(app) {
  return new AlipaySdk({
    appId: app.app_id,
    gateway: `${SANDBOX}/gateway.do`,
    endpoint: SANDBOX,
    privateKey: createPrivateKey(app.app_private_key).export({ type: 'pkcs1', format: 'pem' }),
    alipayPublicKey: app.alipay_public_key,
  });
}

export async function newMerchant() {
  const origin = await receiver();
  const name = `m${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const app = await postControl('apps', { name });
  const merchant = new Merchant({ ...app, name }, origin);
  merchants.set(name, merchant);
  return merchant;
}
