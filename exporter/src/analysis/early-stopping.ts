import { regularisedBeta } from './distributions.js';

/** MLPerf's confidence in a percentile. */
export const CONFIDENCE = 0.99;
const MOST_REQUESTS = 1e7;

/**
 * Requests in all, misses included, from which on `misses` of them certify that a share `quantile` of all requests is
 * within its limit: the smallest h + t with I_q(h, t + 1) ≤ 1 − confidence, t misses (MLPerf inference, early stopping, at
 * tolerance 0). Requests count as independent.
 */
export function requestsToCertify(quantile: number, misses: number, confidence = CONFIDENCE): number {
  const enough = (hits: number): boolean => regularisedBeta(quantile, hits, misses + 1) <= 1 - confidence;
  let high = 1;
  while (!enough(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high + misses;
}

/** What a level's requests prove about an objective. */
export interface SloCertificate {
  slo: string;
  requests: number;
  misses: number;
  /** Proven at 99 % confidence, counting requests as independent. */
  certified: boolean;
  /** Requests in all that would prove it if the share of misses stays as observed; null: at this share none would. */
  requestsNeeded: number | null;
}

/** Whether `requests` with `misses` among them certify an objective, and how many would. */
export function certify(slo: string, quantile: number, requests: number, misses: number): SloCertificate {
  const certified = requests > 0 && requestsToCertify(quantile, misses) <= requests;
  const share = misses / requests;
  const needed = requests > 0 ? requestsAtShare(quantile, share) : requestsToCertify(quantile, 0);
  return { slo, requests, misses, certified, requestsNeeded: certified ? requests : needed };
}

/** Smallest n whose ⌈share · n⌉ misses are certified; null: the share is not below what the objective allows. */
function requestsAtShare(quantile: number, share: number): number | null {
  if (share >= 1 - quantile) return null;
  const enough = (n: number): boolean => requestsToCertify(quantile, Math.ceil(share * n - 1e-9)) <= n;
  let high = 64;
  while (!enough(high)) {
    high *= 2;
    if (high > MOST_REQUESTS) return null;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
