// A person's journeys, in a real browser: at a desktop's and at a phone's width.
//
// Each journey has a user, a wallet and an application of its own. Prints `ok …` or `not ok …` for each, leaves a
// picture of every step, and looks at every kind of page for what a picture cannot tell.

import { journeys as cards } from './cards.mjs';
import { journeys as consents } from './consents.mjs';
import { journeys as consoles } from './console.mjs';
import { journeys as counters } from './counter.mjs';
import { closeReceiver } from './merchant.mjs';
import { journeys as shopping } from './shopping.mjs';
import { play } from './stage.mjs';
import { journeys as wallets } from './wallet.mjs';

const all = { ...shopping, ...consoles, ...wallets, ...cards, ...counters, ...consents };
const good = await play(all, process.argv[2]);
closeReceiver();
process.exitCode = good ? 0 : 1;
