// What a picture does not tell: names, labels, contrast by day and by night, a focus that can be seen, text cut off,
// and a page's other language.

// WCAG AA: text this large may be paler.
const LARGE_PX = 24;
const LARGE_BOLD_PX = 18.66;

// Everything that a reading program, a keyboard or weak eyes would stumble over; runs in the page.
function faults({ LARGE_PX, LARGE_BOLD_PX }) {
  // A change of colour runs down from parent to child; nothing is measured half-way.
  for (let running = document.getAnimations(); running.length > 0; running = document.getAnimations()) {
    for (const one of running) one.finish();
  }
  const found = [];
  const say = text => found.push(text.replace(/\s+/g, ' ').slice(0, 160));
  const shown = element => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const all = which => [...document.querySelectorAll(which)].filter(shown);
  const tag = element => `<${element.localName}${element.className && typeof element.className === 'string' ? `.${element.className}` : ''}> ${element.textContent.trim().slice(0, 40)}`;

  if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) say(`html lang is "${document.documentElement.lang}"`);
  if (!document.title.trim()) say('no title');
  if (document.querySelectorAll('h1').length !== 1) say(`${document.querySelectorAll('h1').length} h1`);
  if (document.querySelectorAll('main').length !== 1) say('not one main');
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) say(`two #${id}`);

  const named = element => (element.getAttribute('aria-label') ?? element.innerText ?? '').trim()
    || element.querySelector('img[alt], svg[aria-label], title')
    || (element.getAttribute('aria-labelledby') && document.getElementById(element.getAttribute('aria-labelledby')));
  for (const element of all('a[href], button, summary')) if (!named(element)) say(`without a name: ${element.outerHTML}`);
  for (const input of all('input:not([type=hidden]), select, textarea')) {
    const label = [...(input.labels ?? [])].some(one => one.textContent.trim());
    if (!label && !input.getAttribute('aria-label')) say(`without a label: ${input.outerHTML}`);
  }
  for (const image of all('img:not([alt])')) say(`without a text: ${image.outerHTML}`);
  for (const image of all('svg[role=img]')) if (!named(image)) say('a drawing without a name');

  const numbers = text => (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const colour = text => {
    const [r, g, b, a = 1] = numbers(text);
    return text.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = (front, back) => [0, 1, 2].map(at => front[at] * front[3] + back[at] * (1 - front[3])).concat(1);
  const light = ([r, g, b]) => {
    const part = value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (one, two) => {
    const [a, b] = [light(one), light(two)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  // The grounds that may lie behind a text: one, or the ends of a gradient.
  const grounds = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const gradient = style.backgroundImage.match(/(?:rgba?|color)\([^)]*\)/g);
      if (gradient && style.backgroundImage.includes('gradient') && !style.backgroundImage.includes('url(')) {
        return gradient.map(colour).filter(stop => stop[3] === 1).map(stop => layers.reduceRight((back, front) => over(front, back), stop));
      }
      const ground = colour(style.backgroundColor);
      if (ground[3] === 0) continue;
      layers.push(ground);
      if (ground[3] === 1) break;
    }
    const last = layers.at(-1)?.[3] === 1 ? layers.pop() : colour(getComputedStyle(document.documentElement).backgroundColor || 'rgb(255,255,255)');
    return [layers.reduceRight((back, front) => over(front, back), last[3] === 1 ? last : [255, 255, 255, 1])];
  };
  const hidden = element => element.closest('.visually-hidden, .skip, [aria-hidden=true], :disabled, svg, option');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || hidden(element) || !shown(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= LARGE_PX || (size >= LARGE_BOLD_PX && Number(style.fontWeight) >= 700);
    const worst = Math.min(...grounds(element).map(ground => ratio(over(colour(style.color), ground), ground)));
    if (worst < (large ? 3 : 4.5)) say(`contrast ${worst.toFixed(2)}: ${tag(element)}`);
    const cut = element.scrollWidth > element.clientWidth + 1 && ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
    if (cut && element.clientWidth > 0) say(`cut off: ${tag(element)}`);
  }
  for (const field of all('input:not([type=hidden]):not(:disabled)')) {
    const ground = grounds(field)[0];
    if (['radio', 'checkbox'].includes(field.type)) continue;
    if (ratio(over(colour(getComputedStyle(field).color), ground), ground) < 4.5) say(`contrast of what is typed: ${field.name}`);
  }
  return [...new Set(found)];
}

// Whatever a keyboard reaches shows that it is reached; runs in the page after one press of Tab, so that the browser
// knows of the keyboard.
function unseen() {
  const look = element => {
    for (let running = document.getAnimations(); running.length > 0; running = document.getAnimations()) {
      for (const one of running) one.finish();
    }
    // A field of six cells shows it by the box around it.
    return [element, element.parentElement].map(one => {
      const style = getComputedStyle(one);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
    }).join();
  };
  const found = [];
  const first = document.activeElement;
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
    element.blur();
    const before = look(element);
    element.focus({ preventScroll: true });
    if (document.activeElement === element && look(element) === before) {
      found.push(`no focus to be seen: ${element.outerHTML.replace(/\s+/g, ' ').slice(0, 120)}`);
    }
  }
  document.activeElement?.blur();
  first?.blur?.();
  return [...new Set(found)];
}

// Chinese where only our own words stand; what people typed stands in `.anywhere` and the like.
function untranslated() {
  const ours = 'h1:not(.anywhere), h2, h3, label, legend, button, dt, th[scope=col], summary, .hint, .tag, .lead, .empty, .notice, .purse-title, option';
  return [...document.querySelectorAll(ours)]
    .filter(element => element.checkVisibility() || element.localName === 'option')
    .map(element => element.textContent.replace(/\s+/g, ' ').trim())
    .filter(text => /[\u4e00-\u9fff]/.test(text))
    .map(text => `not in English: ${text.slice(0, 80)}`);
}

// Looks at a page as it stands, by day and by night.
export async function look(page, { keyboard }) {
  const found = await page.evaluate(faults, { LARGE_PX, LARGE_BOLD_PX });
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await page.evaluate(faults, { LARGE_PX, LARGE_BOLD_PX });
  await page.emulateMedia({ colorScheme: 'light' });
  found.push(...dark.filter(fault => !found.includes(fault)).map(fault => `in the dark ${fault}`));
  if (keyboard) {
    await page.keyboard.press('Tab');
    found.push(...(await page.evaluate(unseen)));
  }
  return found;
}

// Opens the same address in English, beside it, and looks at that; takes its picture into `file`.
export async function lookInEnglish(page, file) {
  const other = await page.context().newPage();
  try {
    const address = new URL(page.url());
    address.searchParams.set('lang', 'en');
    await other.goto(address.href);
    await other.screenshot({ path: file, fullPage: true });
    const found = await other.evaluate(faults, { LARGE_PX, LARGE_BOLD_PX });
    found.push(...(await other.evaluate(untranslated)));
    const wider = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 1) found.push(`${wider} px wider than the screen`);
    return found.map(fault => `in English ${fault}`);
  } finally {
    await other.close();
    // The choice is remembered; this browser's owner made none.
    await page.context().clearCookies({ name: 'tb_lang' });
  }
}
