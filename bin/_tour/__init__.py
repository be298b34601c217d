"""What bin/screenshots has its browser do. It runs with the packages of .venv."""
