variable "name" {
  type = string
}

variable "encrypted" {
  type = bool
}

variable "protected" {
  type = bool
}

variable "strict" {
  type = bool
}

resource "aws_db_instance" "this" {
  identifier                          = var.name
  engine                              = "postgres"
  instance_class                      = "db.t3.micro"
  allocated_storage                   = 20
  username                            = "admin"
  storage_encrypted                   = var.encrypted
  deletion_protection                 = var.protected
  iam_database_authentication_enabled = var.strict
  backup_retention_period             = 14
}

output "strict" {
  value = var.strict
}

output "arn" {
  value = aws_db_instance.this.arn
}
