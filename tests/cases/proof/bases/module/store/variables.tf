variable "name" {
  type = string
}

variable "versioning" {
  type    = string
  default = "Enabled"
}

variable "retention" {
  type    = number
  default = 365
}
