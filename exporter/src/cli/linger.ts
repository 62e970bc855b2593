import { RealClock } from '../clock/real-clock.js';
import { sleep } from '../clock/clock.js';
import type { SweepServer } from '../server/create-server.js';

const LOOK_SECONDS = 0.1;
const NEEDED = 2;

/**
 * Where something scrapes this process, waits until the last values have been taken twice, so that no picture ends
 * early; at most `seconds`. Where nothing ever did, returns at once.
 */
export async function waitForScrapes(
  scrapes: SweepServer['scrapes'],
  seconds: number,
  say: (message: string) => void,
): Promise<void> {
  if (scrapes.scrapeCount === 0) return;
  const clock = new RealClock();
  const since = scrapes.countFromNow();
  const deadline = clock.now() + seconds;
  say(`waiting until the last values have been scraped (at most ${seconds} s)`);
  while (since() < NEEDED && clock.now() < deadline) await sleep(clock, LOOK_SECONDS);
}
