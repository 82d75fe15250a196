"""Who is told: one module a format or channel. Everything reads the same `Report` and changes nothing in it."""
