/** A token that may write annotations, of a service account made for it. */
export async function annotationToken(grafana: string, adminPassword: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${grafana}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`Grafana answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const { id } = (await post('/api/serviceaccounts', { name: 'sweepscope', role: 'Editor' })) as { id: number };
  const { key } = (await post(`/api/serviceaccounts/${id}/tokens`, { name: 'annotations' })) as { key: string };
  return key;
}
