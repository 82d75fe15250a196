variable "admin_cidr" {
  type        = string
  description = "Where administrators come from."
}

variable "office_cidr" {
  type    = string
  default = "198.51.100.0/24"
}

variable "open_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

resource "aws_vpc" "main" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "front" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.20.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_security_group" "bastion" {
  name        = "bastion"
  description = "Where administrators enter"
  vpc_id      = aws_vpc.main.id

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }

  egress {
    description = "Inside"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }
}

resource "aws_security_group" "app" {
  name        = "app"
  description = "The application"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "app_admin" {
  type              = "ingress"
  description       = "Administration"
  security_group_id = aws_security_group.app.id
  from_port         = 3389
  to_port           = 3389
  protocol          = "tcp"
  cidr_blocks       = var.open_cidrs
}

resource "aws_vpc_security_group_ingress_rule" "app_ssh" {
  security_group_id = aws_security_group.app.id
  description       = "SSH over IPv6"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv6         = "::/0"
}

resource "aws_instance" "bastion" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.front.id
  vpc_security_group_ids = [aws_security_group.bastion.id]
  user_data              = "#!/bin/sh\necho ready\n"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "optional"
  }
}
