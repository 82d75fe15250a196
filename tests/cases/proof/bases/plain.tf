resource "aws_s3_bucket" "plain" {
  bucket = "example-plain"
  acl    = "public-read"

  versioning {
    enabled = false
  }
}

resource "aws_s3_bucket" "access_logs" {
  bucket = "example-access-logs"
}

resource "aws_s3_bucket_acl" "open" {
  bucket = aws_s3_bucket.access_logs.id
  acl    = "public-read-write"
}
