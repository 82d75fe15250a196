"""One module a command: the only place, with `cli`, that puts parts together."""
