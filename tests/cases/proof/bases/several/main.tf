resource "aws_s3_bucket" "site" {
  count  = 3
  bucket = "example-site-${count.index}"
}

resource "aws_s3_bucket" "tenant" {
  for_each = local.tenants
  bucket   = "example-${each.key}"
}

resource "aws_s3_bucket" "maybe" {
  count  = var.create ? 1 : 0
  bucket = "example-maybe"
}

resource "aws_ebs_volume" "disk" {
  for_each          = local.disks
  availability_zone = "eu-west-1a"
  size              = each.value.size
  encrypted         = each.value.encrypted
}
