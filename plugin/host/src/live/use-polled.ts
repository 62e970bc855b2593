import { useEffect, useRef, useState } from 'react';
import { call, type RunSummary } from './api.js';
import { lastTime, mergeFeed, type Feed, type FeedAnswer } from './feed.js';

/** Calls `work` now and then each `ms` after it has ended; tells what went wrong, empty when nothing did. */
function useRepeated(work: () => Promise<void>, ms: number): string {
  const [problem, setProblem] = useState('');
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let timer = 0;
    let ended = false;
    const round = async (): Promise<void> => {
      const text = await latest.current().then(
        () => '',
        (error: unknown) =>
          error instanceof TypeError ? 'no connection to the sidecar, trying again' : (error as Error).message,
      );
      if (ended) return;
      setProblem(text);
      timer = window.setTimeout(() => void round(), ms);
    };
    void round();
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [ms]);
  return problem;
}

/** What the panels are drawn from, new each second. */
export function useFeed(): { feed: Feed | null; problem: string } {
  const [feed, setFeed] = useState<Feed | null>(null);
  const problem = useRepeated(async () => {
    const answer = await call<FeedAnswer>('GET', `/api/v1/panel?since=${lastTime(feed)}`);
    setFeed((old) => mergeFeed(old, answer));
  }, 1000);
  return { feed, problem };
}

/** All runs, newest first. */
export function useRuns(): { runs: readonly RunSummary[]; problem: string } {
  const [runs, setRuns] = useState<readonly RunSummary[]>([]);
  const problem = useRepeated(async () => {
    setRuns((await call<{ runs: RunSummary[] }>('GET', '/api/v1/sweeps')).runs);
  }, 2000);
  return { runs, problem };
}
