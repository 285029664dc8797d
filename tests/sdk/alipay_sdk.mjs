// alipay-sdk from npm (Alipay's own), unmodified, walks the table against the sandbox named by its sandbox.json.

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { AlipayFormData, AlipaySdk } from 'alipay-sdk';

import { Refused, Table } from './table.mjs';

/** `outTradeNo` as it was before the SDK made it so. */
const snake = text => text.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
const camel = text => text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function renamed(value, name) {
  if (Array.isArray(value)) return value.map(one => renamed(one, name));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [name(key), renamed(one, name)]));
}

/** The SDK with nothing set but the application, the keys and the addresses. */
class Client {
  charset = 'utf-8';

  constructor(sandbox, way, app, wrongKey) {
    this.way = way;
    const config = { appId: app.app_id, gateway: sandbox.file.gateway_url, endpoint: sandbox.file.v3_base_url };
    // It takes PKCS#1 unless told; the control API hands out PKCS#8.
    config.privateKey = createPrivateKey(app.app_private_key).export({ type: 'pkcs1', format: 'pem' });
    if (way.mode.includes('certificates')) {
      config.appCertContent = app.app_cert;
      config.alipayPublicCertContent = wrongKey ? app.app_cert : app.alipay_cert;
      config.alipayRootCertContent = app.alipay_root_cert;
    } else {
      config.alipayPublicKey = wrongKey ? app.app_public_key : app.alipay_public_key;
    }
    if (way.mode.includes('AES')) config.encryptKey = app.aes_key;
    if (way.mode === 'RSA' || app.sign_type === 'RSA') config.signType = 'RSA';
    if (way.mode === 'GBK') config.charset = 'gbk';
    this.appAuthToken = app.app_auth_token;
    this.sdk = new AlipaySdk(config);
  }

  beside(params) {
    const all = renamed(params, camel);
    if (this.appAuthToken) all.appAuthToken = this.appAuthToken;
    if (this.way.mode.includes('AES')) all.needEncrypt = true;
    return all;
  }

  async call(method, biz, params, expect) {
    if (this.way.transport === 'v3') return this.curl(method, biz, params);
    const all = { ...this.beside(params) };
    if (Object.keys(biz).length > 0) all.bizContent = biz;
    try {
      // The SDK checks the answer's signature only when it is told to.
      return renamed(await this.sdk.exec(method, all, { validateSign: true }), snake);
    } catch (error) {
      if (error.name === 'AlipayRequestError' && error.message.includes('验签失败')) {
        const secret = this.secret(method, error.responseDataRaw);
        if (secret) return secret;
        // It cuts an `error_response` in the wrong place, and so believes none.
        throw new Refused(error.message, expect.unsigned ? (await this.unchecked(method, all)) : undefined);
      }
      if (!expect.unsigned) throw error;
      throw new Refused(error.message, await this.unchecked(method, all));
    }
  }

  /**
   * The node of an encrypted answer. `exec` cuts the signed text where its braces are, of which such an answer has
   * none, and so believes none; the SDK's own `rsaCheck` and `aesDecrypt` do, over the text with its quotes.
   */
  secret(method, raw) {
    const answer = JSON.parse(raw);
    const text = answer[`${method.replaceAll('.', '_')}_response`];
    if (typeof text !== 'string' || !this.sdk.rsaCheck(`"${text}"`, answer.sign)) return undefined;
    return JSON.parse(this.sdk.aesDecrypt(text));
  }

  async unchecked(method, all) {
    return renamed(await this.sdk.exec(method, all), snake);
  }

  async curl(method, biz, params) {
    const path = `/v3/${method.replaceAll('.', '/')}`;
    const options = { appAuthToken: this.appAuthToken };
    const { auth_token: token, ...body } = { ...biz, ...params };
    const get = table.getters.has(method);
    if (get) options.query = renamed(body, name => name);
    else options.body = body;
    if (token) options.query = { ...options.query, auth_token: token };
    if (!get && this.way.mode === 'multipart') {
      options.form = new AlipayFormData();
      options.form.addFile('image', 'a.png', Buffer.from('\x89PNG\r\n', 'latin1'));
    }
    if (!get && this.way.mode.includes('AES')) options.needEncrypt = true;
    try {
      return (await this.sdk.curl(get ? 'GET' : 'POST', path, options)).data;
    } catch (error) {
      if (error.code?.startsWith('response-')) throw new Refused(error.message);
      if (error.name !== 'AlipayRequestError' || !error.responseHttpStatus) throw error;
      return { sub_code: error.code, sub_msg: error.message, http: error.responseHttpStatus, links: error.links };
    }
  }

  page(method, biz, params, by) {
    return this.sdk.pageExecute(method, by, { ...renamed(params, camel), bizContent: biz });
  }

  string(method, biz, params) {
    return this.sdk.sdkExecute(method, { ...renamed(params, camel), bizContent: biz });
  }

  verify(fields) {
    const raw = this.sdk.checkNotifySignV2({ ...fields });
    // The older function decodes once more: where nothing looks escaped, both must agree.
    const escaped = Object.values(fields).some(value => value.includes('%'));
    if (!escaped && this.sdk.checkNotifySign({ ...fields }) !== raw) {
      throw new Error('checkNotifySign and checkNotifySignV2 do not agree');
    }
    return raw;
  }
}

// The package does not export its manifest, so it is found beside the entry point.
const entry = createRequire(import.meta.url).resolve('alipay-sdk');
const manifest = entry.slice(0, entry.lastIndexOf('/dist/')) + '/package.json';
console.log(`alipay-sdk ${JSON.parse(readFileSync(manifest, 'utf8')).version}`);

const sdk = { client: (way, app, wrongKey) => new Client(table.sandbox, way, app, wrongKey) };
const table = new Table(sdk, 'alipay-sdk', process.argv[2]);
await table.run(process.argv[3]);
