disks_encrypted = false
