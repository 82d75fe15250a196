resource "aws_s3_bucket" "a" {
  #checkov:skip=CKV_AWS_18:logged elsewhere
  bucket = "example-a"
}

resource "aws_s3_bucket_versioning" "a" {
  bucket = aws_s3_bucket.a.id

  versioning_configuration {
    status = "Suspended" # of a
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "example-b"
}

resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id

  versioning_configuration {
    status = "Suspended" # of b
  }
}
