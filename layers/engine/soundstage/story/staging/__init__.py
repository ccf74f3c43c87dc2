"""From marked sentences to shots: grouping, settings, who is present, dialogue, framing, and prompts."""
