"""`python -m howwasschool` is the same as `howwasschool`."""

from howwasschool.cli import main

if __name__ == "__main__":
    main()
