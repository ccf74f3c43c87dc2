"""Speech by services of others."""
