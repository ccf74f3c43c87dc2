"""From a plan to what each player plays: parts, bass, drums, timing and velocity."""
