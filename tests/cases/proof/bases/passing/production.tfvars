protected = false
