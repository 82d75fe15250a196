variable "files_encrypted" {
  type    = bool
  default = false # files
}

locals {
  storage = {
    size      = 50
    encrypted = false # storage
  }
}

resource "aws_db_instance" "a" {
  identifier        = "a"
  engine            = "postgres"
  instance_class    = "db.t4g.small"
  allocated_storage = local.storage.size
  username          = "a"
  storage_encrypted = local.storage.encrypted

  manage_master_user_password = true
}

resource "aws_efs_file_system" "a" {
  encrypted = var.files_encrypted
}
