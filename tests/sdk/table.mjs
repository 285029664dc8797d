// Walks the table of calls (`calls/*.json`) with one SDK; the same as table.py for Node.
//
// What a scenario, a way and a step are is told in `calls/README.md`.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { agree, readBill } from './buyer.mjs';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'calls');
const PLACE = /\{([A-Za-z0-9_.+-]+)\}/g;
const NOTICE_LIMIT_MS = 20_000;

/** The SDK says that an answer's signature does not hold, or that there is none. */
export class Refused extends Error {
  constructor(words, node) {
    super(words);
    this.node = node;
  }
}

/** What a step found is not what the table says. */
export class Wrong extends Error {}

const read = file => JSON.parse(readFileSync(file, 'utf8'));
const plain = value => (typeof value === 'string' ? value : JSON.stringify(value));
const lookUp = (answer, path) => path.split('.').reduce((inner, part) => inner?.[part], answer);
const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A running sandbox, known only from its `sandbox.json`. */
class Sandbox {
  constructor(path) {
    this.file = read(path);
    this.folder = dirname(path);
    this.origin = new URL(this.file.gateway_url).origin;
  }

  app() {
    const texts = names =>
      Object.fromEntries(Object.entries(names ?? {}).map(([name, file]) => [name, readFileSync(join(this.folder, file), 'utf8')]));
    const { app_id, seller_id, aes_key } = this.file;
    return { ...texts(this.file.keys), ...texts(this.file.certs), app_id, seller_id, aes_key };
  }

  async control(line, body) {
    const [method, path] = line.split(' ', 2);
    const answer = await fetch(`${this.origin}/sandbox/v1/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
    return [answer.status, JSON.parse((await answer.text()) || 'null')];
  }
}

/** A form's fields, read in the charset that it names itself. */
function readForm(text) {
  const pairs = text.split('&').map(pair => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1).replaceAll('+', ' ')];
  });
  const charset = pairs.find(([name]) => name === 'charset')?.[1] ?? 'utf-8';
  const decoder = new TextDecoder(charset);
  const decode = value => {
    const bytes = [];
    for (let at = 0; at < value.length; at += 1) {
      if (value[at] !== '%') bytes.push(value.charCodeAt(at));
      else bytes.push(Number.parseInt(value.slice(at + 1, (at += 2) + 1), 16));
    }
    return decoder.decode(Uint8Array.from(bytes));
  };
  return Object.fromEntries(pairs.map(([name, value]) => [name, decode(value)]));
}

/** Where notices arrive; each is answered `success`. */
class Receiver {
  notices = [];
  waiting = new Set();

  async open() {
    this.server = createServer((request, answer) => {
      const parts = [];
      request.on('data', part => parts.push(part));
      request.on('end', () => {
        const fields = readForm(Buffer.concat(parts).toString('latin1'));
        this.notices.push({ headers: request.headers, fields });
        for (const look of this.waiting) look();
        answer.end('success');
      });
    });
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/notify`;
  }

  wait(wanted) {
    const fits = ({ fields }) => Object.entries(wanted).every(([name, value]) => fields[name] === value);
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.waiting.delete(look);
        settle(value);
      };
      const look = () => {
        const found = this.notices.find(fits);
        if (found) end(resolve, found);
      };
      const late = () => end(reject, new Wrong(`no such notice came within ${NOTICE_LIMIT_MS} ms`));
      const timer = setTimeout(late, NOTICE_LIMIT_MS);
      this.waiting.add(look);
      look();
    });
  }
}

/** Opens a link, or sends a form, as a browser would. */
async function openPage(url, data) {
  const headers = { Accept: 'text/html', 'Accept-Language': 'zh-CN' };
  const answer = await fetch(url, data === undefined ? { headers } : { headers, method: 'POST', body: data });
  const charset = /charset=([\w-]+)/.exec(answer.headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  return new TextDecoder(charset).decode(await answer.arrayBuffer());
}

/** An attribute's value: only entities that end with `;` are any, as a browser has it here. */
function unescape(text) {
  const names = { quot: '"', amp: '&', lt: '<', gt: '>', '#39': "'" };
  return text.replace(/&(quot|amp|lt|gt|#39);/g, (_, name) => names[name]);
}

/** Sends the form that the SDK wrote for the browser. */
function submit(form) {
  const action = unescape(/action="([^"]*)"/.exec(form)[1]);
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return openPage(action, new URLSearchParams(fields.map(([, name, value]) => [name, unescape(value)])));
}

/** One scenario, walked in one way. */
class Walk {
  constructor(table, scenario, way) {
    Object.assign(this, { table, scenario, way, clients: new Map() });
    const { sandbox } = table;
    this.values = { notify_url: table.receiver.url, gateway_url: sandbox.file.gateway_url, origin: sandbox.origin };
    for (const [name, value] of Object.entries(sandbox.file.buyer)) this.values[`buyer.${name}`] = value;
    for (const name of scenario.fresh ?? []) {
      this.values[name] = name.slice(0, 4) + randomUUID().replaceAll('-', '').slice(0, 22);
    }
    this.values.sign_type = way.mode === 'RSA' ? 'RSA' : 'RSA2';
    this.app = sandbox.app();
  }

  async value(name) {
    if (name in this.values) return this.values[name];
    if (name === 'app_id' || name === 'seller_id') return this.app[name];
    if (name.startsWith('now')) return this.table.chinaTime(name.slice(3));
    if (name === 'today') return (await this.table.chinaTime('')).slice(0, 10);
    throw new Wrong(`nothing is called {${name}}`);
  }

  async fillText(text, each = value => value) {
    let filled = text;
    for (const [place, name] of text.matchAll(PLACE)) {
      if (!/^\d+$/.test(name)) filled = filled.replace(place, each(String(await this.value(name))).replaceAll('$', '$$$$'));
    }
    return filled;
  }

  /** The value with everything in braces filled in. */
  async fill(value) {
    if (typeof value === 'string') return this.fillText(value);
    if (Array.isArray(value)) return Promise.all(value.map(one => this.fill(one)));
    if (value === null || typeof value !== 'object') return value;
    const pairs = Object.entries(value).map(async ([name, one]) => [name, await this.fill(one)]);
    return Object.fromEntries(await Promise.all(pairs));
  }

  async client(wrongKey = false, changes = undefined) {
    const filled = await this.fill(changes);
    const key = JSON.stringify([wrongKey, filled, this.app.app_id]);
    if (!this.clients.has(key)) {
      this.clients.set(key, this.table.sdk.client(this.way, { ...this.app, ...filled }, wrongKey));
    }
    return this.clients.get(key);
  }

  async run() {
    this.values.day = (await this.table.chinaTime('')).slice(0, 10);
    const wishes = { ...this.way.app, ...this.scenario.app };
    if (Object.keys(wishes).length > 0) {
      const body = { ...wishes, name: `t${randomUUID().replaceAll('-', '').slice(0, 20)}` };
      const [status, made] = await this.table.sandbox.control('POST apps', body);
      if (status !== 201) throw new Wrong(`no application: ${status} ${plain(made)}`);
      this.app = { ...made, ...made.certs };
    }
    for (const step of this.scenario.steps) {
      if (step.not_for?.includes(this.way.id)) continue;
      const label = `${this.scenario.name} / ${this.way.id}: ${say(step)}`;
      try {
        await KINDS[kindOf(step)].call(this, step);
        this.table.held(label);
      } catch (error) {
        this.table.failed(label, error);
        return;
      }
    }
  }

  async params(step) {
    const params = {};
    for (const name of ['notify_url', 'return_url', 'auth_token', 'app_auth_token']) {
      if (name in step) params[name] = await this.fill(step[name]);
    }
    return { ...params, ...(await this.fill(step.params ?? {})) };
  }

  async call(step) {
    const [biz, params] = [await this.fill(step.biz ?? {}), await this.params(step)];
    const expect = { ...step.expect, ...(this.way.transport === 'v3' ? step.v3 : {}) };
    const client = await this.client(false, step.client);
    let node;
    try {
      node = await client.call(step.call, biz, params, expect);
      if (expect.refused || (expect.unsigned && this.way.transport !== 'v3')) {
        throw new Wrong(`a signature that should not hold: ${plain(node)}`);
      }
    } catch (error) {
      if (error instanceof Refused && expect.refused && !error.node) return;
      if (!(error instanceof Refused && expect.unsigned && error.node)) throw error;
      node = error.node;
    }
    await this.compare(node, expect);
    this.save(step, node);
    if (!this.scenario.wrong_key) return;
    const wrong = await this.client(true);
    let answer;
    try {
      answer = await wrong.call(step.call, biz, params, expect);
    } catch (error) {
      if (error instanceof Refused && !error.node) return;
      throw error;
    }
    // An error of v3 carries no signature that could be refused.
    if (!(this.way.transport === 'v3' && answer.sub_code)) throw new Wrong(`believed with a wrong key: ${plain(answer)}`);
  }

  async compare(node, expect) {
    const v3 = this.way.transport === 'v3';
    let wanted = expect.sub_code;
    if (v3) wanted = wanted?.replace(/^(isv|aop|isp)\./, '');
    if (!v3 && !(expect.codeless && !expect.code && !wanted)) {
      const code = expect.code ?? (wanted ? '40004' : '10000');
      if (node.code !== code) throw new Wrong(`code is ${node.code}, not ${code}: ${plain(node)}`);
    }
    if (node.sub_code !== wanted) throw new Wrong(`sub_code is ${node.sub_code}, not ${wanted}: ${plain(node)}`);
    if (v3 && wanted) {
      // An error of v3 has a code, words and links, and nothing else.
      const status = expect.status ?? 400;
      if (node.http !== status) throw new Wrong(`HTTP ${node.http}, not ${status}: ${plain(node)}`);
      return;
    }
    if (v3) {
      // The bare result: neither a code nor words stand around it.
      if ('code' in node || 'msg' in node) throw new Wrong(`code and msg have no place in v3: ${plain(node)}`);
      const { msg, ...has } = expect.has ?? {};
      await this.fields(node, { ...expect, has });
      return;
    }
    await this.fields(node, expect);
  }

  async fields(node, expect) {
    for (const [path, given] of Object.entries(expect.has ?? {})) {
      const found = lookUp(node, path);
      const pattern = await this.fillText(given, escaped);
      if (found === undefined || !new RegExp(`^(?:${pattern})$`, 'su').test(plain(found))) {
        throw new Wrong(`${path} is ${plain(found)}, not ${pattern}: ${plain(node)}`);
      }
    }
    for (const path of expect.lacks ?? []) {
      if (lookUp(node, path) !== undefined) throw new Wrong(`${path} should not be there: ${plain(node)}`);
    }
  }

  save(step, node) {
    for (const [name, path] of Object.entries(step.save ?? {})) {
      const found = lookUp(node, path);
      if (found === undefined) throw new Wrong(`no ${path} to keep: ${plain(node)}`);
      this.values[name] = found;
    }
  }

  async page(step) {
    const client = await this.client(false, step.client);
    const made = client.page(step.page, await this.fill(step.biz ?? {}), await this.params(step), step.by);
    if (step.by === 'GET') this.values.link = made;
    const seen = step.by === 'GET' ? await openPage(made) : await submit(made);
    for (const text of await this.fill(step.shows ?? [])) {
      if (!seen.includes(text)) throw new Wrong(`the page does not show ${text}: ${seen.slice(0, 2000)}`);
    }
  }

  async string(step) {
    const client = await this.client(false, step.client);
    this.values.order_string = client.string(step.string, await this.fill(step.biz ?? {}), await this.params(step));
  }

  async control(step) {
    const [status, answer] = await this.table.sandbox.control(await this.fill(step.control), await this.fill(step.body));
    if (status !== (step.status ?? 200)) throw new Wrong(`answered ${status}: ${plain(answer)}`);
    await this.fields(answer, step.expect ?? {});
    this.save(step, answer);
  }

  async agree(step) {
    this.save(step, await agree(await this.fill(step.agree), this.table.sandbox.file.buyer));
  }

  async bill(step) {
    const { names, text } = await readBill(await this.fill(step.bill));
    const missing = (await this.fill(step.holds)).filter(one => !text.includes(one));
    if (missing.length > 0 || names.length !== step.files) {
      throw new Wrong(`the bill with the files ${names} does not hold ${missing}`);
    }
  }

  async notice(step) {
    const { headers, fields } = await this.table.receiver.wait(await this.fill(step.notice));
    await this.fields(fields, step.expect ?? {});
    const charset = (step.charset ?? 'utf-8').toUpperCase();
    const wanted = `application/x-www-form-urlencoded; text/html; charset=${charset}`;
    if (headers['content-type'] !== wanted || headers['user-agent'] !== 'Mozilla/4.0') {
      throw new Wrong(`its headers are ${plain(headers)}`);
    }
    await this.verify(fields, !step.beyond?.includes(this.way.sdk));
  }

  async returned(step) {
    const fields = readForm(new URL(await this.fill(step.return)).search.slice(1));
    await this.fields(fields, step.expect ?? {});
    await this.verify(fields, !step.beyond?.includes(this.way.sdk));
  }

  async verify(fields, holds) {
    const client = await this.client();
    if (client.verify(fields) !== holds) throw new Wrong(`the SDK should say ${holds}: ${plain(fields)}`);
    const changed = { ...fields, total_amount: '0.01' };
    if (client.verify(changed)) throw new Wrong(`a changed amount was believed: ${plain(changed)}`);
    if ((await this.client(true)).verify(fields)) throw new Wrong(`it was believed with a wrong key: ${plain(fields)}`);
  }
}

const KINDS = {
  call: Walk.prototype.call,
  page: Walk.prototype.page,
  string: Walk.prototype.string,
  control: Walk.prototype.control,
  agree: Walk.prototype.agree,
  bill: Walk.prototype.bill,
  notice: Walk.prototype.notice,
  return: Walk.prototype.returned,
};
const kindOf = step => Object.keys(KINDS).find(kind => kind in step);

/** A step in a few words. */
function say(step) {
  const kind = kindOf(step);
  const code = step.expect?.sub_code;
  return `${kind} ${plain(step.say ?? step[kind])}${code ? ` -> ${code}` : ''}`;
}

/** All scenarios that are walked with one SDK. */
export class Table {
  good = true;
  receiver = new Receiver();

  constructor(sdk, name, sandboxFile) {
    this.sdk = sdk;
    this.sandbox = new Sandbox(sandboxFile);
    const { ways, groups } = read(join(FOLDER, 'ways.json'));
    this.ways = ways.filter(way => way.sdk === name);
    this.groups = groups;
    const files = readdirSync(FOLDER).filter(file => file.endsWith('.json') && file !== 'ways.json').sort();
    this.scenarios = files.flatMap(file => read(join(FOLDER, file)).scenarios);
    this.getters = new Set(read(join(FOLDER, 'ways.json')).v3_get);
  }

  /** The sandbox's business time, so many seconds on, as Alipay writes it. */
  async chinaTime(shift) {
    const [, { now }] = await this.sandbox.control('GET clock');
    const at = new Date(Date.parse(now) + 8 * 3_600_000 + Number(shift || 0) * 1_000);
    return at.toISOString().slice(0, 19).replace('T', ' ');
  }

  async run(only) {
    await this.receiver.open();
    for (const scenario of this.scenarios) {
      if (only && !scenario.name.includes(only)) continue;
      const wanted = [scenario.ways].flat().flatMap(name => this.groups[name] ?? [name]);
      for (const way of this.ways.filter(({ id }) => wanted.includes(id))) {
        try {
          await new Walk(this, scenario, way).run();
        } catch (error) {
          this.failed(`${scenario.name} / ${way.id}`, error);
        }
      }
    }
    process.exit(this.good ? 0 : 1);
  }

  held(label) {
    console.log(`ok ${label}`);
  }

  failed(label, error) {
    this.good = false;
    console.log(`not ok ${label}: ${`${error.name}: ${error.message}`.split(/\s+/).join(' ')}`);
  }
}
