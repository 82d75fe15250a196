variable "protected" {
  type    = bool
  default = false
}

locals {
  shops = {
    north = { encrypted = true }
    south = { encrypted = false }
  }
  safe = {
    north = { encrypted = true }
    south = { encrypted = true }
  }
}

module "orders" {
  source = "./db"

  name      = "orders"
  encrypted = false
  protected = var.protected
  strict    = false
}

resource "aws_db_instance" "replica" {
  identifier          = "replica"
  replicate_source_db = "orders"
  instance_class      = "db.t3.micro"
  publicly_accessible = module.orders.strict
  deletion_protection = true
}
