"""Style matching: the sound of one recording on another. Features → parameters → rendering → presets and reports."""
