"""Generative models that make music, and our own engine behind the same Protocol."""
