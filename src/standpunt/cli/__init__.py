"""The command line: thin, with everything heavy imported by the command that needs it."""
