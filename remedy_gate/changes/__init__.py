"""What changed, and the files of the head and of the base: git's index, its commits, and plain folders."""
