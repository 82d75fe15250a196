"""What infrastructure code says, and exact edits of it. Pure: text in, values and text out."""
