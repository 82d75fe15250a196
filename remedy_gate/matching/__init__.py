"""Which finding belongs to which block of code. Pure. A wrong match is a defect; an unmatched finding is a fact."""
