// Page-pay links per second of alipay-sdk (Alipay's own) from npm, unmodified.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { AlipaySdk } from 'alipay-sdk';

const [appKey, alipayKey, seconds] = process.argv.slice(2);
const { version } = createRequire(import.meta.url)('alipay-sdk/package.json');
const BATCH = 4;

const sdk = new AlipaySdk({
  appId: '2021000000000001',
  privateKey: readFileSync(appKey, 'ascii'),
  alipayPublicKey: readFileSync(alipayKey, 'ascii'),
  gateway: 'https://openapi.alipay.com/gateway.do',
});

// One link, from its fields on.
const make = () =>
  sdk.pageExecute('alipay.trade.page.pay', 'GET', {
    bizContent: {
      out_trade_no: '019ab3f1c2d47e6f8a90b1c2d3e4f506',
      product_code: 'FAST_INSTANT_TRADE_PAY',
      total_amount: '39.00',
      subject: '通宝 speed',
    },
    returnUrl: 'https://shop.example.com/pay/success',
    notifyUrl: 'https://pay.example.com/notify/alipay',
  });

let link = make();
let made = 0;
const began = performance.now();
while (performance.now() - began < seconds * 1000) {
  for (let at = 0; at < BATCH; at += 1) link = make();
  made += BATCH;
}
const took_us = Math.round((performance.now() - began) * 1000);
console.log(JSON.stringify({ version, runtime: `Node ${process.versions.node}`, made, took_us, link }));
