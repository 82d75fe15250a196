"""The proof of a patch: one module a check. A check that cannot run says so, and that is never a pass."""
