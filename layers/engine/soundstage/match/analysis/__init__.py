"""Measure a recording: features, alignment, decay, tuning, tempo, modulation."""
