variable "encrypted" {
  type    = bool
  default = true
}

variable "disks_encrypted" {
  type    = bool
  default = true
}

variable "files_encrypted" {
  type    = bool
  default = false # files
}

resource "aws_ebs_volume" "a" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = false
}

resource "aws_efs_file_system" "a" {
  encrypted = var.files_encrypted
}

resource "aws_kms_key" "a" {
  enable_key_rotation = false
}
