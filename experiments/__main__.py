"""``python -m experiments`` is the command ``gongzhi``."""

from experiments.cli.app import main

if __name__ == "__main__":
    main()
