"""What is remembered: an append-only chain of records, on this machine or shared by many runners."""
