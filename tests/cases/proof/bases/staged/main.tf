variable "protected" {
  type    = bool
  default = false # protected
}

variable "open" {
  type    = bool
  default = false
}

module "orders" {
  source = "./db"

  name      = "orders"
  protected = var.protected
}

resource "aws_db_instance" "replica" {
  identifier          = "replica"
  replicate_source_db = "orders"
  instance_class      = "db.t3.micro"
  publicly_accessible = var.open
}
