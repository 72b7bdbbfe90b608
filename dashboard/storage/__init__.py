"""Our own database and cache: what is done without while one is away, busy or full, and how that is told."""
