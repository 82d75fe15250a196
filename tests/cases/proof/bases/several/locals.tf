variable "create" {
  type    = bool
  default = true
}

variable "off" {
  type    = bool
  default = false
}

locals {
  tenants = {
    north = "n"
    south = "s"
  }

  disks = {
    fast = { size = 10, encrypted = true }
    slow = { size = 50, encrypted = false }
  }
}
