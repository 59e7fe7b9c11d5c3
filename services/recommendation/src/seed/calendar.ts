import type { Random } from './random.ts';

const DAY = 86_400_000;
/** Month and day on which nobody works. */
const holidays = new Set(
  '01-01 05-01 11-01 12-24 12-25 12-26 12-27 12-28 12-29 12-30 12-31'.split(' '),
);
const workday = { firstHour: 8, lastHour: 16 };

/** When somebody is at work, UTC. */
export interface Calendar {
  /** A moment of a working day: of the day so many days later, or of the next on which they work. */
  after(time: number, days: number): number;
}

/** Monday to Friday without public holidays and the person's own: one to two weeks in summer and a week at another time. */
export function calendarOf(random: Random, start: number, end: number): Calendar {
  const off: (readonly [from: number, to: number])[] = [];
  for (let year = yearOf(start); year <= yearOf(end); year += 1) {
    const summer = Date.UTC(year, 6, 1) + random.integer(0, 45) * DAY;
    const other = Date.UTC(year, 0, 1) + random.integer(10, 350) * DAY;
    off.push([summer, summer + random.integer(9, 16) * DAY], [other, other + 7 * DAY]);
  }
  const works = (time: number) => {
    const weekday = new Date(time).getUTCDay();
    return (
      weekday !== 0 &&
      weekday !== 6 &&
      !holidays.has(new Date(time).toISOString().slice(5, 10)) &&
      !off.some(([from, to]) => time >= from && time < to)
    );
  };
  return {
    after(time, days) {
      let day = Math.floor((time + days * DAY) / DAY) * DAY;
      // Whatever would fall on a day off is not all done on the next Monday.
      if (!works(day)) day += random.integer(0, 4) * DAY;
      while (!works(day)) day += DAY;
      const at =
        day +
        random.integer(workday.firstHour, workday.lastHour) * 3_600_000 +
        random.integer(0, 59) * 60_000;
      // Twice on a day: the later one is an hour later.
      return at > time ? at : time + 3_600_000;
    },
  };
}

function yearOf(time: number): number {
  return new Date(time).getUTCFullYear();
}
