/** Barriers under way: each is over when every worker has answered it. */
export class Barriers {
  private readonly open = new Map<number, { missing: number; resolve: () => void }>();
  private next = 0;

  constructor(private workers: number) {}

  /** `ask` sends the barrier's number to the workers. */
  begin(ask: (id: number) => void): Promise<void> {
    if (this.workers === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const id = this.next++;
      this.open.set(id, { missing: this.workers, resolve });
      ask(id);
    });
  }

  answered(id: number): void {
    const barrier = this.open.get(id);
    if (barrier === undefined) return;
    barrier.missing -= 1;
    if (barrier.missing > 0) return;
    this.open.delete(id);
    barrier.resolve();
  }

  /** A worker is gone and answers nothing any more: nobody may wait for it for ever. */
  workerLost(): void {
    this.workers -= 1;
    for (const barrier of this.open.values()) barrier.resolve();
    this.open.clear();
  }
}
