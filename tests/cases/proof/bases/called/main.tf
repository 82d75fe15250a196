variable "encrypted" {
  type = bool
}

module "orders" {
  source = "./db"

  name      = "orders"
  encrypted = false
  strict    = false
  retention = 14
}

module "archive" {
  source = "./archive"

  encrypted = false
}
