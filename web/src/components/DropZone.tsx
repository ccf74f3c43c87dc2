// A file, chosen or dropped.

import { type DragEvent, useId, useState } from "react";

interface Props {
  label: string;
  action: string;
  accept: string;
  file?: File | null;
  onFile: (file: File) => void;
}

export function DropZone({ label, action, accept, file, onFile }: Props) {
  const [over, setOver] = useState(false);
  const id = useId();

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) onFile(dropped);
  }

  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>
        <strong>{label}</strong>
        <span className={file ? "drop-file" : "quiet"}>
          {file ? `${file.name} · ${size(file.size)}` : action}
        </span>
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) onFile(chosen);
        }}
      />
    </div>
  );
}

export const SOUND = "audio/*,.wav,.flac,.ogg,.mp3,.m4a,.aac,.webm,.aiff,.aif,.caf,.amr,.wma";

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
