import { useId } from "react";

interface Props {
  label: string;
  note?: string;
  value: number;
  range: readonly [low: number, high: number, step: number];
  word: (value: number) => string;
  onChange: (value: number) => void;
}

export function Slider({ label, note, value, range: [min, max, step], word, onChange }: Props) {
  const id = useId();
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{word(value)}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={word(value)}
        aria-describedby={note && `${id}-note`}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      {note && (
        <span id={`${id}-note`} className="quiet">
          {note}
        </span>
      )}
    </div>
  );
}
