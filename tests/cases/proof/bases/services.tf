terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

variable "stage" {
  type    = string
  default = "prod"
}

variable "log_types" {
  type    = list(string)
  default = ["api"]
}

variable "tracing" {
  type = string
}

variable "subnets" {
  type = list(string)
}

locals {
  encrypted = var.stage == "prod" ? false : true
  common    = { owner = "platform" }
}

resource "aws_s3_bucket" "site" {
  bucket = "acme-site-${var.stage}"
  tags   = merge(local.common, { tier = "web" })
}

resource "aws_s3_bucket_versioning" "site" {
  bucket = aws_s3_bucket.site.bucket
  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "acme-logs-${var.stage}"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_kms_key" "main" {
  description         = "main"
  enable_key_rotation = true
}

resource "aws_iam_role" "fn" {
  name = "fn"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = aws_iam_role.fn.arn
  handler       = "app.handler"
  runtime       = "python3.12"
  filename      = "fn.zip"

  environment {
    variables = {
      STAGE = var.stage
    }
  }
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = "cache"
  description                = "sessions"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  at_rest_encryption_enabled = true
  transit_encryption_enabled = false
}

resource "aws_eks_cluster" "main" {
  name                      = "main"
  role_arn                  = aws_iam_role.fn.arn
  enabled_cluster_log_types = ["api"]

  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = ["10.0.0.0/8"]
  }
}

resource "aws_lb" "front" {
  name               = "front"
  load_balancer_type = "application"
  subnets            = var.subnets
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS-1-0-2015-04"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0f0f0f0f-0000-1111-2222-333344445555"

  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "200"
    }
  }
}

resource "aws_kinesis_stream" "clicks" {
  name             = "clicks"
  shard_count      = 1
  retention_period = 24
}

resource "aws_redshift_cluster" "dw" {
  cluster_identifier  = "dw"
  node_type           = "ra3.xlplus"
  master_username     = "chief"
  publicly_accessible = true
  encrypted           = local.encrypted
}

resource "aws_cloudwatch_log_group" "fn" {
  name = "/aws/lambda/fn"
}

resource "aws_opensearch_domain" "search" {
  domain_name = "search"

  domain_endpoint_options {
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }

  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_default_security_group" "default" {
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_network_acl" "edge" {
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_sqs_queue" "work" {
  name                    = "work"
  sqs_managed_sse_enabled = false
}

resource "aws_iam_policy" "deploy" {
  name = "deploy"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "${aws_s3_bucket.site.arn}/*"
    }]
  })
}
