// The stage of a journey: a real browser at one of two widths, checks, and a picture of every step.

import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { look, lookInEnglish } from './looks.mjs';
import { SANDBOX } from './servers.mjs';

const WAIT_MS = 15_000;

// What a phone's browser says of itself; sites decide by it which of Alipay's products to use.
const PHONE_AGENT =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';

// A desktop window, a phone in the hand, and a desktop's browser that is as narrow as a phone.
export const SCREENS = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    userAgent: PHONE_AGENT,
  },
  narrow: { viewport: { width: 390, height: 844 } },
};

// What was looked at already: a kind of page at a width is looked at once.
const looked = new Set();

// Chromium as root in a closed network: no sandbox of its own, no calls home.
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.TONGBAO_CHROMIUM,
    headless: true,
    args: SWITCHES,
  });
}

// What one journey has in its hands.
export class Stage {
  constructor(browser, name, screen, folder) {
    this.browser = browser;
    this.name = `${name}-${screen}`;
    this.screen = screen;
    this.folder = folder;
    this.taken = 0;
    this.held = [];
    this.contexts = [];
    this.complaints = [];
  }

  // A fresh browser of somebody's, without cookies; `screen` may differ from the journey's own.
  async newPage({ screen = this.screen, locale = 'zh-CN' } = {}) {
    const context = await this.browser.newContext({
      ...SCREENS[screen],
      locale,
      timezoneId: 'Asia/Shanghai',
      // A colour on its way to another would be measured half-way.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(WAIT_MS);
    this.contexts.push(context);
    const page = await context.newPage();
    this.watch(page);
    // A page that a link opened beside this one.
    context.on('page', other => this.watch(other));
    return page;
  }

  watch(page) {
    page.on('pageerror', error => this.complaints.push(`script error on ${page.url()}: ${error.message}`));
    page.on('console', message => {
      if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) {
        this.complaints.push(`refused on ${page.url()}: ${message.text()}`);
      }
    });
    page.on('response', answer => {
      if (answer.status() >= 500) this.complaints.push(`${answer.status()} from ${answer.url()}`);
      if (answer.request().isNavigationRequest() && answer.frame() === page.mainFrame()) {
        page.cameBy = answer.request().method();
      }
    });
  }

  // Takes a picture, and looks at what a picture cannot tell.
  async picture(page, step) {
    await this.look(page, step, await this.shot(page, step));
  }

  // Takes a picture; nothing sticks out sideways.
  async shot(page, step) {
    this.taken += 1;
    const file = `${this.name}-${String(this.taken).padStart(2, '0')}-${step}.png`;
    await page.screenshot({ path: join(this.folder, file), fullPage: true });
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (wider > 1) this.complaints.push(`${file}: the page is ${wider} px wider than the screen`);
    return file;
  }

  // Looks closely at a kind of page that was not seen at this width before; ours in both languages.
  async look(page, step, file) {
    const { origin, pathname } = new URL(page.url());
    const screen = page.viewportSize().width;
    const kind = `${screen} ${origin} ${pathname.replace(/\w*\d\w{5,}/g, '*')} ${step}`;
    if (looked.has(kind)) return;
    looked.add(kind);
    const found = await look(page, { keyboard: screen > 600 });
    if (origin === SANDBOX && page.cameBy === 'GET') {
      found.push(...(await lookInEnglish(page, join(this.folder, file.replace('.png', '-en.png')))));
    }
    this.complaints.push(...found.map(fault => `${file}: ${fault}`));
  }

  // One thing that must be so.
  check(what, held, why = '') {
    if (!held) throw new Error(`${what} ${typeof why === 'string' ? why : JSON.stringify(why)}`);
    this.held.push(what);
  }

  // The text is there for a person to see, perhaps in a moment.
  async sees(page, text) {
    const found = page.getByText(text).filter({ visible: true }).first();
    await found.waitFor({ state: 'visible' });
    this.held.push(`sees ${text}`);
  }

  // The same, where a page must be loaded again to show what has become of things.
  async seesAfterReloading(page, text) {
    const until = Date.now() + WAIT_MS;
    const found = page.getByText(text).filter({ visible: true }).first();
    while (!(await found.isVisible()) && Date.now() < until) {
      await page.waitForTimeout(300);
      await page.reload();
    }
    await this.sees(page, text);
  }

  async close() {
    for (const context of this.contexts) await context.close();
  }
}

// Runs the journeys at their widths and prints a line for each; hands back whether all held.
export async function play(journeys, only) {
  const browser = await launch();
  console.log(`chromium ${browser.version()}`);
  let good = true;
  for (const [name, journey] of Object.entries(journeys)) {
    for (const screen of journey.screens ?? ['desktop', 'phone']) {
      if (only && !`${name}-${screen}`.includes(only)) continue;
      good = (await playOne(browser, name, journey, screen)) && good;
    }
  }
  await browser.close();
  console.log(`note ${looked.size} kinds of page looked at closely: names, labels, contrast, focus, languages`);
  return good;
}

async function playOne(browser, name, journey, screen) {
  const stage = new Stage(browser, name, screen, process.env.TONGBAO_SCREENSHOTS);
  const began = Date.now();
  try {
    await journey(stage);
    if (stage.complaints.length > 0) throw new Error(stage.complaints.join('; '));
    console.log(`ok ${stage.name} (${stage.held.length} things seen, ${Date.now() - began} ms)`);
    return true;
  } catch (error) {
    await lastPictures(stage);
    const words = String(error.message).split('\n').slice(0, 12).join(' | ');
    console.log(`not ok ${stage.name}: ${words} ${stage.complaints.join('; ')}`);
    return false;
  } finally {
    await stage.close();
  }
}

// What the browser showed when the journey ended too early.
async function lastPictures(stage) {
  for (const context of stage.contexts) {
    for (const page of context.pages()) {
      stage.taken += 1;
      const file = `${stage.name}-${String(stage.taken).padStart(2, '0')}-FAILED.png`;
      await page.screenshot({ path: join(stage.folder, file), fullPage: true }).catch(() => {});
      console.log(`  it ended at ${page.url()}`);
    }
  }
}
