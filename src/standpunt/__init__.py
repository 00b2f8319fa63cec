"""standpunt: stance and argument classification in parliamentary debate."""

__version__ = "0.1.0.dev0"
