// alipay-sdk from npm (Alipay's own), unmodified, against the sandbox named by its sandbox.json.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { AlipaySdk } from 'alipay-sdk';

const SUBJECT = '通宝 SDK 课程 & more';
const AMOUNT = '88.80';
const PART = '30.30';
const METHOD = {
  pagePay: 'alipay.trade.page.pay',
  precreate: 'alipay.trade.precreate',
  query: 'alipay.trade.query',
  refund: 'alipay.trade.refund',
  refundQuery: 'alipay.trade.fastpay.refund.query',
  close: 'alipay.trade.close',
};

const path = process.argv[2];
const file = JSON.parse(readFileSync(path, 'utf8'));
const origin = new URL(file.gateway_url).origin;
const key = name => readFileSync(join(dirname(path), file.keys[name]), 'ascii');
const newNumber = prefix => prefix + randomUUID().replaceAll('-', '').slice(0, 24);

// Nothing is set but the application, the keys and the address.
const client = alipayKey =>
  new AlipaySdk({
    appId: file.app_id,
    privateKey: key('app_private_key'),
    alipayPublicKey: key(alipayKey),
    gateway: file.gateway_url,
  });

let good = true;
function check(what, held, why) {
  good &&= Boolean(held);
  console.log(held ? `ok ${what}` : `not ok ${what}: ${JSON.stringify(why)}`);
}
const equal = (what, found, wanted) => check(what, String(found) === wanted, { found, wanted });

async function openPage(url) {
  const answer = await fetch(url, { headers: { Accept: 'text/html', 'Accept-Language': 'zh-CN' } });
  return answer.text();
}

async function pay(number) {
  const answer = await fetch(`${origin}/sandbox/v1/trades/${number}/pay`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`pay: ${answer.status} ${await answer.text()}`);
}

// The SDK checks the answer's signature only when it is told to.
const call = (sdk, method, bizContent) => sdk.exec(method, { bizContent }, { validateSign: true });

async function refused(what, action) {
  try {
    check(what, false, await action());
  } catch (error) {
    check(what, error.name === 'AlipayRequestError' && error.message.includes('验签失败'), String(error));
  }
}

// The package does not export its manifest, so it is found beside the entry point.
const entry = createRequire(import.meta.url).resolve('alipay-sdk');
const manifest = entry.slice(0, entry.lastIndexOf('/dist/')) + '/package.json';
console.log(`alipay-sdk ${JSON.parse(readFileSync(manifest, 'utf8')).version}`);
const sdk = client('alipay_public_key');
const order = number => ({ out_trade_no: number, total_amount: AMOUNT, subject: SUBJECT });

const pageNo = newNumber('na');
const link = sdk.pageExecute(METHOD.pagePay, 'GET', {
  bizContent: { ...order(pageNo), product_code: 'FAST_INSTANT_TRADE_PAY' },
});
const page = await openPage(link);
check('page.pay link shows the amount', page.includes(AMOUNT), page.slice(0, 600));
check('page.pay link shows the subject', page.includes('SDK 课程'), page.slice(0, 600));

const number = newNumber('np');
const code = await call(sdk, METHOD.precreate, order(number));
equal('precreate', code.code, '10000');
check('precreate hands out a code', code.qrCode?.startsWith('http'), code);

await pay(number);
const trade = await call(sdk, METHOD.query, { out_trade_no: number });
equal('query knows the trade is paid', trade.tradeStatus, 'TRADE_SUCCESS');
equal('query knows the amount', trade.totalAmount, AMOUNT);

const requestNo = newNumber('nr');
const refund = await call(sdk, METHOD.refund, {
  out_trade_no: number,
  refund_amount: PART,
  out_request_no: requestNo,
});
equal('refund', refund.code, '10000');
equal('refund moved money', refund.fundChange, 'Y');
equal('refund adds up', refund.refundFee, PART);

const asked = await call(sdk, METHOD.refundQuery, { out_trade_no: number, out_request_no: requestNo });
equal('refund query', asked.refundAmount, PART);

const closed = await call(sdk, METHOD.close, { out_trade_no: pageNo });
equal('close of an unpaid trade', closed.code, '10000');
equal('close says which', closed.outTradeNo, pageNo);
const late = await call(sdk, METHOD.close, { out_trade_no: number });
equal('close of a paid trade is refused', late.code, '40004');

const wrong = client('app_public_key');
await refused('a wrong Alipay key: query', () => call(wrong, METHOD.query, { out_trade_no: number }));
await refused('a wrong Alipay key: refund query', () =>
  call(wrong, METHOD.refundQuery, { out_trade_no: number, out_request_no: requestNo }));
await refused('a wrong Alipay key: precreate', () => call(wrong, METHOD.precreate, order(newNumber('nw'))));

process.exitCode = good ? 0 : 1;
