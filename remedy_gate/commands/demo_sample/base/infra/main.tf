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
