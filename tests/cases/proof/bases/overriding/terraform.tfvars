encrypted       = false
files_encrypted = false
