import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { type Band, responseDb, scaled } from "../../audio/biquads";
import {
  across,
  back,
  Chart,
  down,
  HEIGHT,
  HERTZ,
  type Scale,
  shareAcross,
  shareDown,
  useWidth,
} from "../../components/Chart";
import { signed } from "../../components/format";

const POINTS_HZ = Array.from({ length: 181 }, (_, at) => 20 * 1000 ** (at / 180));
const RATE_HZ = 48_000;
const STEP = { gainDb: 0.5, octaves: 1 / 12, q: 1.1 };
const BOUNDS = { f_hz: [20, 20_000], gain_db: [-18, 18], q: [0.2, 12] } as const;

const within = (name: keyof typeof BOUNDS, value: number): number =>
  Math.min(Math.max(value, BOUNDS[name][0]), BOUNDS[name][1]);

interface Props {
  bands: readonly Band[];
  amount: number;
  onChange: (bands: Band[]) => void;
}

/** The curve, and a handle for each band: dragged, or moved by keys. */
export function Equaliser({ bands, amount, onChange }: Props) {
  const { t } = useTranslation();
  const drawing = useRef<SVGGElement>(null);
  const width = useWidth();
  const heard = scaled(bands, amount);
  const curve = POINTS_HZ.map((f) => responseDb(heard, f, RATE_HZ));
  const most = Math.max(6, ...curve.map(Math.abs), ...bands.map(({ gain_db }) => Math.abs(gain_db)));
  const edge = Math.ceil((most + 1) / 6) * 6;
  const y: Scale = {
    range: [-edge, edge],
    marks: [-edge, -edge / 2, 0, edge / 2, edge],
    word: (mark) => signed(mark, 0),
  };

  function change(at: number, fields: Partial<Band>) {
    onChange(
      bands.map((band, other) =>
        other === at
          ? {
              ...band,
              ...fields,
              f_hz: within("f_hz", fields.f_hz ?? band.f_hz),
              gain_db: within("gain_db", fields.gain_db ?? band.gain_db),
              q: within("q", fields.q ?? band.q),
            }
          : band,
      ),
    );
  }

  function drag(at: number, event: React.PointerEvent) {
    const box = drawing.current?.ownerSVGElement?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const px = ((event.clientX - box.left) / box.width) * width;
    const py = ((event.clientY - box.top) / box.height) * HEIGHT;
    change(at, { f_hz: back(HERTZ, shareAcross(px, width)), gain_db: back(y, shareDown(py)) });
  }

  function key(at: number, band: Band, event: React.KeyboardEvent) {
    const { gain_db, f_hz, q } = band;
    const moves: Record<string, Partial<Band>> = {
      ArrowUp: { gain_db: gain_db + STEP.gainDb },
      ArrowDown: { gain_db: gain_db - STEP.gainDb },
      ArrowRight: { f_hz: f_hz * 2 ** STEP.octaves },
      ArrowLeft: { f_hz: f_hz / 2 ** STEP.octaves },
      PageUp: { q: q * STEP.q },
      PageDown: { q: q / STEP.q },
      Home: { gain_db: 0 },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    change(at, move);
  }

  return (
    <>
      <Chart
        title={t("sound.eq")}
        text={t("sound.eqText", { count: bands.length })}
        x={HERTZ}
        y={y}
        lines={[{ label: t("sound.now"), x: POINTS_HZ, y: curve, tone: "now" }]}
      >
        <g ref={drawing}>
          {bands.map((band, at) => (
            <g
              key={at}
              className="handle"
              role="slider"
              tabIndex={0}
              aria-label={t("sound.band", { number: at + 1, kind: t(`sound.kind.${band.type}`) })}
              aria-valuemin={BOUNDS.gain_db[0]}
              aria-valuemax={BOUNDS.gain_db[1]}
              aria-valuenow={Number(band.gain_db.toFixed(1))}
              aria-valuetext={bandWords(band)}
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={(event) => drag(at, event)}
              onKeyDown={(event) => key(at, band, event)}
              onDoubleClick={() => change(at, { gain_db: 0 })}
            >
              <circle
                className="grip"
                cx={across(HERTZ, band.f_hz, width)}
                cy={down(y, band.gain_db)}
                r="22"
              />
              <circle
                className="knob"
                cx={across(HERTZ, band.f_hz, width)}
                cy={down(y, band.gain_db)}
                r="10"
              />
              <text
                className="mark"
                x={across(HERTZ, band.f_hz, width)}
                y={down(y, band.gain_db) + 4}
                textAnchor="middle"
              >
                {at + 1}
              </text>
            </g>
          ))}
        </g>
      </Chart>
      <p className="quiet">
        {t("sound.eqHint")} <span className="by-keys">{t("sound.eqKeys")}</span>
      </p>
    </>
  );
}

export function bandWords({ f_hz, gain_db, q }: Band): string {
  const hz = f_hz >= 1_000 ? `${(f_hz / 1_000).toFixed(1)} kHz` : `${Math.round(f_hz)} Hz`;
  return `${hz}, ${signed(gain_db, 1)} dB, Q ${q.toFixed(1)}`;
}
