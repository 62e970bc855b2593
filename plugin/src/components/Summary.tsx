import React from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { Headline } from '../plan/headline.js';
import { panelStyles } from './styles.js';

/** The run in words. */
export function Summary({ headline, baseline }: { headline: Headline; baseline: string }) {
  const styles = useStyles2(panelStyles);
  const { colors } = useTheme2();
  const toneColor = {
    good: colors.success.text,
    warn: colors.warning.text,
    bad: colors.error.text,
    plain: colors.text.primary,
  };
  const separator = (index: number) => (index === 0 ? '' : ' · ');
  return (
    <>
      {headline.sentences.length > 0 && (
        <p className={styles.sentences}>
          {headline.sentences.map(({ tone, text }, index) => (
            <React.Fragment key={text}>
              {separator(index)}
              <span style={{ color: toneColor[tone] }}>{text}</span>
            </React.Fragment>
          ))}
        </p>
      )}
      <div className={styles.title} title={headline.title}>
        {headline.title}
        {baseline}
      </div>
    </>
  );
}
