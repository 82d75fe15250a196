terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

variable "environment" {
  type    = string
  default = "production"
}

variable "versioning" {
  type = string
}

variable "block_public" {
  type    = bool
  default = false
}

variable "instances" {
  type    = number
  default = 1
}

locals {
  name = "example-${var.environment}"
  tags = {
    team = "storage"
  }
}

# Holds what customers upload.
resource "aws_s3_bucket" "data" {
  bucket = "${local.name}-data"
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket = aws_s3_bucket.data.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false # the website needs it
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "Readers"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::210987654321:role/reader" }
        Action    = ["s3:GetObject"]
        Resource  = "${aws_s3_bucket.data.arn}/public/*"
      }
    ]
  })
}

resource "aws_s3_bucket" "audit" {
  bucket        = "${local.name}-audit"
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "audit" {
  bucket = aws_s3_bucket.audit.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "audit" {
  bucket                  = aws_s3_bucket.audit.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_kms_key" "storage" {
  description             = "Objects at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

output "bucket" {
  value = aws_s3_bucket.data.id
}
