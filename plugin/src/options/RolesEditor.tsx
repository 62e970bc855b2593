import React from 'react';
import type { StandardEditorProps } from '@grafana/data';
import { InlineField, Input } from '@grafana/ui';
import { roleNamed } from '../data/roles.js';

type Roles = Record<string, string>;

/** One field a query: what its series are, where neither a label nor a name tells. */
export function RolesEditor({ value, onChange, context }: StandardEditorProps<Roles>) {
  const refIds = [...new Set(context.data.map(({ refId }) => refId ?? ''))].filter((refId) => refId !== '').sort();
  const set = (refId: string, role: string): void => {
    const others = Object.entries(value).filter(([name]) => name !== refId);
    onChange(Object.fromEntries(role === '' ? others : [...others, [refId, role]]));
  };
  return (
    <>
      {refIds.map((refId) => (
        <InlineField
          key={refId}
          label={refId}
          invalid={value[refId] !== undefined && roleNamed(value[refId]) === null}
          error="not a role: try ttft_p95, window_edge or result_ttft"
        >
          <Input
            defaultValue={value[refId] ?? ''}
            placeholder="by label or name"
            onBlur={(event) => set(refId, event.currentTarget.value.trim())}
          />
        </InlineField>
      ))}
    </>
  );
}
