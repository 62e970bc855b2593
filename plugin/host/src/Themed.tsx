import React, { useEffect, useMemo, useState } from 'react';
import { createTheme, ThemeContext } from '@grafana/data';

type Mode = 'dark' | 'light';

/** Grafana's theme for what is inside, and for the page around it. Without a mode: as the browser's user prefers. */
export function Themed({
  mode,
  canvas = false,
  children,
}: {
  mode?: Mode;
  canvas?: boolean;
  children: React.ReactNode;
}) {
  const preferred = usePreferredMode();
  const theme = useMemo(() => createTheme({ colors: { mode: mode ?? preferred } }), [mode, preferred]);
  useEffect(() => {
    const { style } = document.body;
    style.margin = '0';
    style.background = canvas ? theme.colors.background.canvas : theme.colors.background.primary;
    style.color = theme.colors.text.primary;
    style.font = '14px/1.5 Inter, system-ui, "DejaVu Sans", sans-serif';
    style.colorScheme = theme.isDark ? 'dark' : 'light';
  }, [theme, canvas]);
  return <ThemeContext.Provider value={theme}>{children}</ThemeContext.Provider>;
}

function usePreferredMode(): Mode {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: light)'), []);
  const [light, setLight] = useState(query.matches);
  useEffect(() => {
    const listener = (): void => setLight(query.matches);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  }, [query]);
  return light ? 'light' : 'dark';
}
