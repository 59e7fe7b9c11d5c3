/** Strokes on a grid of 24, drawn for Docent. */
const strokes = {
  chat: 'M4 5h16v11H9l-5 4z',
  learning: 'M3 8l9-4 9 4-9 4zM7 10v5c0 1.5 2.2 3 5 3s5-1.5 5-3v-5',
  content: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  graph:
    'M6 6a2 2 0 1 0 .01 0M18 6a2 2 0 1 0 .01 0M12 18a2 2 0 1 0 .01 0M7.5 9.5l3.2 6.6M16.5 9.5l-3.2 6.6M8.5 8h7',
  departments: 'M4 20V10M10 20V4M16 20v-7M22 20H2',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
  people:
    'M9 11a3.5 3.5 0 1 0-.01 0M2.5 20c.6-4 3-6 6.5-6s5.9 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.1 2.6 3.5 5.5',
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 4a7 7 0 1 0 .01 0M16 16l5 5',
  plus: 'M12 5v14M5 12h14',
  check: 'M5 13l5 5 9-11',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  info: 'M12 3a9 9 0 1 0 .01 0M12 11v6M12 7.5v.5',
  up: 'M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5V9H19l-1.6 11H7',
  down: 'M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2.5-2.5V15H19L17.4 4H7',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  stop: 'M7 7h10v10H7z',
  send: 'M4 12l16-8-6 16-3-6z',
  retry: 'M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  upload: 'M12 16V5M7 9l5-5 5 5M4 20h16',
  edit: 'M4 20l1-5L16 4l4 4L9 19z',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  external: 'M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  expand: 'M6 9l6 6 6-6',
  light:
    'M12 8a4 4 0 1 0 .01 0M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  dark: 'M19 15A8 8 0 0 1 9 5a8 8 0 1 0 10 10z',
  key: 'M8 10a4 4 0 1 0 .01 0M11 12.5L20 4M17 7l3 3',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  clock: 'M12 4a8 8 0 1 0 .01 0M12 8v4.5l3 2',
  flag: 'M5 21V4h12l-2 4 2 4H5',
} as const;

export type IconName = keyof typeof strokes;

/** A picture beside words: hidden from screen readers, which read the words. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={strokes[name]} />
    </svg>
  );
}
