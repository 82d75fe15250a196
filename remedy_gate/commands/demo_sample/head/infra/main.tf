terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "log_encryption" {
  type        = bool
  description = "Whether the volume with the logs is encrypted; set by each environment."
}

resource "aws_s3_bucket" "site" {
  bucket = "example-orders-site"
}

# Customers download their invoices from here.
resource "aws_s3_bucket" "invoices" {
  bucket = "example-orders-invoices" # asked for by finance
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-west-1a"
  size              = 40
}

resource "aws_ebs_volume" "logs" {
  availability_zone = "eu-west-1a"
  size              = 80
  encrypted         = var.log_encryption
}

resource "aws_kms_key" "invoices" {
  description = "Invoices"
}

resource "aws_db_instance" "orders" {
  identifier                  = "example-orders"
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  username                    = "orders"
  manage_master_user_password = true
  publicly_accessible         = true
  storage_encrypted           = true
}
