"""Parameters of a chain from what was measured: identification, equaliser, dynamics, reverberation."""
