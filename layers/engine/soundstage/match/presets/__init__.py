"""Presets: blending, import, and export to formats of other programs."""
