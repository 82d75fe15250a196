"""`python -m remedy_gate`."""

from remedy_gate.cli import run

if __name__ == "__main__":
    run()
