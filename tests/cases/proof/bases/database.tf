variable "password" {
  type      = string
  sensitive = true
}

variable "multi_az" {
  type    = bool
  default = true
}

variable "encrypted" {
  type    = bool
  default = false
}

variable "retention" {
  type = number
}

locals {
  defaults = {
    storage_encrypted   = false
    deletion_protection = true
  }
}

resource "aws_kms_key" "database" {
  description         = "Databases at rest"
  enable_key_rotation = true
}

resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.t4g.medium"
  allocated_storage       = 50
  username                = "orders"
  password                = var.password
  multi_az                = var.multi_az
  publicly_accessible     = true
  storage_encrypted       = false
  backup_retention_period = 1
  skip_final_snapshot     = false

  tags = {
    team = "orders"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_db_instance" "reports" {
  identifier              = "reports"
  engine                  = "mysql"
  instance_class          = "db.t4g.small"
  allocated_storage       = 20
  username                = "reports"
  password                = var.password
  multi_az                = true
  publicly_accessible     = false
  storage_encrypted       = true
  deletion_protection     = true
  backup_retention_period = 30
}

resource "aws_rds_cluster" "events" {
  cluster_identifier      = "events"
  engine                  = "aurora-postgresql"
  master_username         = "events"
  master_password         = var.password
  backup_retention_period = 14
  storage_encrypted       = true
  deletion_protection     = local.defaults.deletion_protection
}

resource "aws_rds_cluster_instance" "events" {
  count              = 2
  identifier         = "events-${count.index}"
  cluster_identifier = aws_rds_cluster.events.id
  engine             = aws_rds_cluster.events.engine
  instance_class     = "db.r6g.large"

  auto_minor_version_upgrade = count.index == 0
}
