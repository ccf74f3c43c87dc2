"""A short story becomes a storyboard: read by rules and word tables, without a model and without a network."""
