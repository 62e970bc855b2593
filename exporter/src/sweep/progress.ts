/** Progress over steps of known planned length; a step that takes longer than planned waits at its end. */
export class Progress {
  private planned: number[];
  private done = 0;
  private current = 0;
  private startedAt = 0;

  /** `planned`: seconds of each step, in order. */
  constructor(planned: readonly number[]) {
    this.planned = [...planned];
  }

  get plannedSeconds(): number {
    return this.planned.reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Replaces what comes after the current step by steps of these lengths, seconds. */
  replan(remaining: readonly number[]): void {
    this.planned = [...this.planned.slice(0, this.current), ...remaining];
  }

  /** Begins the next step at `now` (seconds, any axis). */
  next(now: number): void {
    if (this.current > 0) this.done += this.planned[this.current - 1] ?? 0;
    this.current += 1;
    this.startedAt = now;
  }

  /** Takes `count` steps that will not be run out of the plan, behind the next `behind` ones. */
  leaveOut(count: number, behind: number): void {
    this.planned.splice(this.current + behind, count);
  }

  /** Share done, 0–1, and seconds that the plan still has. */
  at(now: number): { ratio: number; remainingSeconds: number } {
    const total = this.plannedSeconds;
    const step = this.planned[this.current - 1] ?? 0;
    const done = this.done + Math.min(step, Math.max(0, now - this.startedAt));
    return { ratio: total === 0 ? 1 : Math.min(1, done / total), remainingSeconds: Math.max(0, total - done) };
  }
}
