variable "key_arn" {
  type = string
}

variable "queues" {
  type    = set(string)
  default = ["orders", "returns"]
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

resource "aws_sqs_queue" "jobs" {
  name                       = "jobs"
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 60
  sqs_managed_sse_enabled    = false
}

resource "aws_sqs_queue" "each" {
  for_each                = var.queues
  name                    = each.value
  sqs_managed_sse_enabled = false
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.jobs.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.alerts.arn } }
    }]
  })
}

resource "aws_kms_key" "messages" {
  description         = "Messages at rest"
  enable_key_rotation = false
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/example/worker"
  retention_in_days = 7
}

resource "aws_ecr_repository" "worker" {
  name                 = "worker"
  image_tag_mutability = "MUTABLE"

  image_scanning_configuration {
    scan_on_push = false
  }
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-west-1a"
  size              = 20
}

resource "aws_efs_file_system" "shared" {
  creation_token = "shared"
}

resource "aws_cloudtrail" "trail" {
  name                          = "trail"
  s3_bucket_name                = "example-trail"
  include_global_service_events = true
  is_multi_region_trail         = false
  enable_log_file_validation    = false
}

resource "aws_dynamodb_table" "sessions" {
  name         = "sessions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
