module "store" {
  source = "./store"

  name       = "example-store"
  versioning = "Suspended"
  retention  = 30
}

module "registry" {
  source  = "terraform-aws-modules/s3-bucket/aws"
  version = "4.1.2"

  bucket = "example-registry"
}
