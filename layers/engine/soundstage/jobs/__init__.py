"""Jobs: their records, dependencies, release and end. Independent of AWS: what it needs from outside is a Protocol."""
