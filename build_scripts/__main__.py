"""`python -m build_scripts` is the `handbook` command."""

from build_scripts.cli import main

if __name__ == "__main__":
    main()
