"""What is open: findings out of the exports of scanners and cloud security services, recognised by content."""
