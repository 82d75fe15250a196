"""Who proposes patches. The catalogue first: deterministic, offline, free."""
