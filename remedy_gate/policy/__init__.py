"""Settings and proof in, decision out. Pure: no clock, no files, no environment."""
