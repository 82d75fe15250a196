variable "name" {
  type = string
}

variable "protected" {
  type = bool
}

resource "aws_db_instance" "this" {
  identifier              = var.name
  engine                  = "postgres"
  instance_class          = "db.t3.micro"
  allocated_storage       = 20
  username                = "admin"
  storage_encrypted       = true
  deletion_protection     = var.protected
  backup_retention_period = 14
}
