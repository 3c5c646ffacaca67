"""``python -m experiments`` is the command ``gongzhi``."""

from experiments.cli import main

if __name__ == "__main__":
    main()
