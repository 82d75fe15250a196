variable "name" {
  type = string
}

variable "encrypted" {
  type    = bool
  default = true
}

variable "strict" {
  type = bool
}

variable "retention" {
  type = number
}

resource "aws_db_instance" "this" {
  identifier              = var.name
  engine                  = "postgres"
  instance_class          = "db.t3.micro"
  allocated_storage       = 20
  username                = "admin"
  storage_encrypted       = var.encrypted
  deletion_protection     = var.strict
  publicly_accessible     = var.strict
  backup_retention_period = var.retention
}
