"""One module a format, each of them a `remedy_gate.findings.format.Format`."""
