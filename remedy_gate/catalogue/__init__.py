"""Controls as data: what must hold, how to make it hold, and what every scanner calls it. Pure."""
