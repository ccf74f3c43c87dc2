"""Words to phonemes, in the alphabet of the voice model."""
