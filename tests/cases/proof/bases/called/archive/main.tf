variable "encrypted" {
  type = bool
}

resource "aws_db_instance" "archive" {
  identifier        = "archive"
  engine            = "postgres"
  instance_class    = "db.t3.micro"
  allocated_storage = 20
  username          = "admin"
  storage_encrypted = var.encrypted
}
