// Signs the table of cases with alipay-sdk from npm (Alipay's own), unmodified.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { AlipaySdk } from 'alipay-sdk';

// Its `sign` is not exported, so it is taken from the file beside the entry point.
const entry = createRequire(import.meta.url).resolve('alipay-sdk');
const { sign } = await import(pathToFileURL(join(dirname(entry), 'util.js')).href);
const { version } = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'));

const table = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const answers = table.cases.map(({ id, params, biz }) => {
  const { method, app_id: appId, sign_type: signType, charset, ...beside } = params;
  const sdk = new AlipaySdk({
    appId,
    signType,
    charset,
    privateKey: table.app_private_key,
    alipayPublicKey: table.app_public_key,
  });
  // It writes the content's text itself, as JSON.stringify does.
  const { sign: signature } = sign(method, { ...beside, bizContent: biz }, sdk.config);
  const { timestamp, ...now } = beside;
  return { id, signature, sent: sdk.sdkExecute(method, { ...now, bizContent: biz }) };
});
writeFileSync(process.argv[3], JSON.stringify(answers));
console.log(`alipay-sdk ${version} signed ${answers.length} cases`);
