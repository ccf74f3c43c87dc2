// Line icons, 24 × 24, drawn for this page; decorative, so hidden from screen readers.

const PATHS = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
  library: "M5 4v16M9 4v16M13 4v16M16.5 4.6l3.9 14.8",
  jobs: "M12 7v5l3 2M12 3a9 9 0 1 0 9 9",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M8 14.5v5",
  hum: "M12 4a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  match: "M4 12h2l2-6 3 13 3-10 2 5h4",
  film: "M4 5h16v14H4zM4 9h16M8 5l-2 4M13 5l-2 4M18 5l-2 4",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.500 4.500",
  alert: "M12 4 2.500 20h19zM12 10v4.500M12 17.200v.1",
  offline:
    "M3 3l18 18M5 12.500a10 10 0 0 1 4.200-2.500M19 12.500a10 10 0 0 0-5-2.800M8.500 16a5 5 0 0 1 7 0M12 19.500v.1",
  link: "M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1",
  key: "M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 12.500 20 4M16 7.500l3 3",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.500 1.5 7.500 5.500",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
