// What people do between an SDK's calls: agree on Alipay's pages, and read a bill that was downloaded.

import * as zlib from 'node:zlib';

/** Opens a question of Alipay's, logs in and says yes. Hands back what the browser then carries to the shop. */
export async function agree(url, buyer) {
  const cookies = new Map();
  const visit = async (address, fields) => {
    const headers = {
      Accept: 'text/html',
      'Accept-Language': 'zh-CN',
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    };
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(address, { headers, body, method: body ? 'POST' : 'GET', redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next) return visit(new URL(next, address).href);
    return { address, page: await answer.text(), refresh: answer.headers.get('refresh') ?? '' };
  };
  const token = page => /name="csrf_token" value="([^"]+)"/.exec(page)[1];

  const asked = await visit(url);
  const base = asked.address.split('?')[0];
  const login = { csrf_token: token(asked.page), logon_id: buyer.logon_id, password: buyer.login_password };
  const { page } = await visit(`${base}/login`, login);
  const word = { csrf_token: token(page) };
  if (page.includes('name="pay_password"')) word.pay_password = buyer.pay_password;
  const { refresh } = await visit(`${base}/agree`, word);
  const [, address] = refresh.split('url=');
  return address ? Object.fromEntries(new URL(address).searchParams) : {};
}

/** Downloads a bill; hands back the names of the files in it, and all their text. */
export async function readBill(url) {
  const zip = Buffer.from(await (await fetch(url)).arrayBuffer());
  const gbk = new TextDecoder('gbk', { fatal: true });
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const [names, texts] = [[], []];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const header = zip.readUInt32LE(at + 42);
    const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const raw = zip.subarray(from, from + packed);
    const bytes = zip.readUInt16LE(at + 10) === 0 ? raw : zlib.inflateRawSync(raw);
    names.push(gbk.decode(zip.subarray(at + 46, at + 46 + nameLength)));
    if (zlib.crc32 && zlib.crc32(bytes) !== zip.readUInt32LE(at + 16)) throw new Error(`${names.at(-1)} is damaged`);
    texts.push(gbk.decode(bytes));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return { names, text: texts.join('') };
}
