"""Our own instruments, from numpy alone: band-limited, brighter when played harder, seeded."""
