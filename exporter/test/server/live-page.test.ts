import { describe, expect, it } from '@jest/globals';
import { assetFile } from '../../src/server/live-page/assets.js';
import { loginPage, sweepPage } from '../../src/server/live-page/page.js';

describe('the live page', () => {
  it('marks every script and style with the nonce', () => {
    const page = sweepPage('n0nce');
    const tags = page.match(/<(script|style|link rel="stylesheet")[^>]*>/g) ?? [];
    expect(tags).toHaveLength(4);
    for (const tag of tags) expect(tag).toContain('nonce="n0nce"');
  });

  it('says what to do while its scripts are missing, or not allowed', () => {
    expect(sweepPage('n')).toContain('npm run build');
    expect(sweepPage('n')).toContain('<noscript>');
  });

  it('asks for a token without any script', () => {
    expect(loginPage('n', true)).not.toContain('<script');
  });
});

describe('the files of the page', () => {
  it.each(['../page.js', 'page.js', 'constructor', '', '..%2fpage.js'])('do not include %p', (name) => {
    expect(assetFile(name)).toBeNull();
  });
});
