"""Live services as sources of findings: one module a service, behind one seam, with a cache that the hook reads."""
