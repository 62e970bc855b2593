import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

const hidden = css({
  position: 'absolute',
  width: 1,
  height: 1,
  margin: -1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
});

export function panelStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography } = theme;
  return {
    hidden,
    panel: css({
      display: 'flex',
      flexDirection: 'column',
      height: '100%',
      overflow: 'hidden',
      color: colors.text.primary,
    }),
    body: css({ flex: '1 1 0', minHeight: 0, position: 'relative', overflow: 'hidden' }),
    title: css({
      fontSize: typography.bodySmall.fontSize,
      color: colors.text.secondary,
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    }),
    sentences: css({
      fontSize: typography.body.fontSize,
      fontWeight: typography.fontWeightMedium,
      margin: 0,
      lineHeight: 1.35,
    }),
    notes: css({ fontSize: typography.bodySmall.fontSize, color: colors.warning.text, margin: 0 }),
    head: css({ flex: '0 0 auto', padding: spacing(0, 1, 0.5, 1) }),
    notice: css({
      height: '100%',
      display: 'flex',
      flexDirection: 'column',
      justifyContent: 'center',
      alignItems: 'center',
      textAlign: 'center',
      gap: spacing(0.5),
      padding: spacing(2),
      color: colors.text.secondary,
      overflow: 'auto',
    }),
    noticeTitle: css({ fontSize: typography.h5.fontSize, color: colors.text.primary, margin: 0 }),
  };
}

export function chartStyles(theme: GrafanaTheme2) {
  const { colors, typography, shape } = theme;
  return {
    hidden,
    wrap: css({
      position: 'relative',
      '& .uplot:focus-visible': { outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 },
    }),
    strip: css({ position: 'relative', height: 22, margin: 0, padding: 0, listStyle: 'none' }),
    item: css({
      position: 'absolute',
      top: 1,
      height: 20,
      overflow: 'hidden',
      whiteSpace: 'nowrap',
      textAlign: 'center',
      fontSize: typography.bodySmall.fontSize,
      lineHeight: '18px',
      color: colors.text.primary,
    }),
    button: css({
      all: 'unset',
      display: 'block',
      boxSizing: 'border-box',
      width: '100%',
      height: '100%',
      borderRadius: shape.radius.default,
      cursor: 'zoom-in',
      '&:hover': { background: colors.action.hover },
      '&:focus-visible': { outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 },
    }),
  };
}

export function legendStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography } = theme;
  return {
    legend: css({
      display: 'flex',
      height: 22,
      overflowX: 'auto',
      overflowY: 'hidden',
      scrollbarWidth: 'none',
      '& > li': { flex: '0 0 auto' },
      gap: spacing(0, 1.5),
      margin: 0,
      padding: spacing(0, 1, 0, 1),
      listStyle: 'none',
      fontSize: typography.bodySmall.fontSize,
      color: colors.text.secondary,
      lineHeight: '22px',
    }),
    legendItem: css({ display: 'inline-flex', alignItems: 'center', gap: spacing(0.5), whiteSpace: 'nowrap' }),
    legendButton: css({
      all: 'unset',
      cursor: 'pointer',
      display: 'inline-flex',
      alignItems: 'center',
      gap: spacing(0.5),
      '&:hover': { color: colors.text.primary },
      '&:focus-visible': { outline: `2px solid ${colors.primary.border}` },
      '&[aria-pressed="false"]': { textDecoration: 'line-through', color: colors.text.disabled },
    }),
  };
}

export function tooltipStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography, shape, shadows, zIndex } = theme;
  return {
    tooltip: css({
      position: 'fixed',
      zIndex: zIndex.tooltip,
      maxWidth: 'min(360px, 90vw)',
      background: colors.background.elevated ?? colors.background.primary,
      color: colors.text.primary,
      border: `1px solid ${colors.border.medium}`,
      borderRadius: shape.radius.default,
      boxShadow: shadows.z2,
      padding: spacing(1),
      fontSize: typography.bodySmall.fontSize,
      lineHeight: 1.5,
    }),
    passive: css({ pointerEvents: 'none' }),
    title: css({ display: 'flex', justifyContent: 'space-between', gap: spacing(1), color: colors.text.secondary }),
    level: css({ fontWeight: typography.fontWeightMedium }),
    detail: css({ color: colors.text.secondary }),
    rows: css({
      borderCollapse: 'collapse',
      marginTop: spacing(0.5),
      '& td': { padding: spacing(0, 1, 0, 0), verticalAlign: 'top' },
    }),
    value: css({ fontVariantNumeric: 'tabular-nums', fontWeight: typography.fontWeightMedium, whiteSpace: 'nowrap' }),
    actions: css({ display: 'flex', gap: spacing(1), marginTop: spacing(0.5), flexWrap: 'wrap' }),
    action: css({
      all: 'unset',
      cursor: 'pointer',
      color: colors.text.link,
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': { outline: `2px solid ${colors.primary.border}` },
    }),
  };
}

export function tableStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography } = theme;
  return {
    scroll: css({
      height: '100%',
      overflow: 'auto',
      '&:focus-visible': { outline: `2px solid ${colors.primary.border}`, outlineOffset: -2 },
    }),
    table: css({
      width: '100%',
      borderCollapse: 'collapse',
      fontVariantNumeric: 'tabular-nums',
      fontSize: typography.bodySmall.fontSize,
      '& th': {
        position: 'sticky',
        top: 0,
        background: colors.background.primary,
        color: colors.text.secondary,
        fontWeight: typography.fontWeightMedium,
        textAlign: 'right',
        zIndex: 1,
      },
      '& th, & td': {
        padding: spacing(0.5, 1),
        textAlign: 'right',
        whiteSpace: 'nowrap',
        borderBottom: `1px solid ${colors.border.weak}`,
      },
      '& th:nth-of-type(-n+2), & td:nth-of-type(1)': { textAlign: 'left' },
      '& tbody th': { position: 'static', color: colors.text.primary },
    }),
    small: css({ display: 'block', fontSize: '0.9em' }),
    fail: css({ color: colors.error.text }),
    pass: css({ color: colors.success.text }),
  };
}
