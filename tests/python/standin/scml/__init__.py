"""A stand-in for scml: see README.md in the folder above."""

IS_STANDIN = True
