variable "create" {
  type    = bool
  default = true # create
}

resource "aws_s3_bucket" "a" {
  count  = var.create ? 1 : 0
  bucket = "example-a"
}
