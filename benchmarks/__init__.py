"""What is measured, one module a benchmark; ``python -m benchmarks`` or ``make bench``."""
