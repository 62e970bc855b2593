import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { panelStyles } from './styles.js';

/** Said instead of a picture. */
export function Notice({ title, lines }: { title: string; lines: readonly string[] }) {
  const styles = useStyles2(panelStyles);
  return (
    <div className={styles.notice} role="status">
      <p className={styles.noticeTitle}>{title}</p>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
